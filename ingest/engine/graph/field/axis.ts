/**
 * One axis of a receptive field, and how operators change it.
 *
 * Coordinates are network-input pixels, pixel centres at integers. Cell j of a map is centred at `offset + j * stride` and sees
 * `size` pixels, padding included. `offset += ((k-1)*d/2 - pad_begin) * stride_so_far`, then `stride *= s` (docs/definitions.md, Upsampling).
 */
export interface AxisField {
  offset: number;
  stride: number;
  size: number;
}

export interface Window {
  kernel: number;
  stride: number;
  dilation: number;
  /** Cells of padding before the first; negative where cells are cut off. */
  padBegin: number;
}

export const PIXEL: AxisField = { offset: 0, stride: 1, size: 1 };

/** Convolution or pooling. Worked example: 7 wide, stride 2, padding 3 on the pixels gives offset 0, stride 2, size 7. */
export function throughWindow(field: AxisField, { kernel, stride, dilation, padBegin }: Window): AxisField {
  const reach = (kernel - 1) * dilation;
  return {
    offset: field.offset + (reach / 2 - padBegin) * field.stride,
    stride: field.stride * stride,
    size: field.size + reach * field.stride,
  };
}

/**
 * Transposed convolution: output cell o hears input cells `(o + pad - k*d) / stride`, those that are whole numbers, k = 0..kernel-1.
 * Their middle, taken over all k, is the cell's centre; the size is that of the cells which hear most.
 */
export function throughTransposedWindow(field: AxisField, { kernel, stride, dilation, padBegin }: Window): AxisField {
  const reach = (kernel - 1) * dilation;
  return throughSampling(field, { step: 1 / stride, start: (padBegin - reach / 2) / stride, taps: Math.floor(reach / stride) + 1 });
}

/** Output cell o reads the input at cell coordinate `start + o * step`, from `taps` neighbouring cells. */
export interface Sampling {
  start: number;
  step: number;
  taps: number;
}

export function throughSampling(field: AxisField, { start, step, taps }: Sampling): AxisField {
  return {
    offset: field.offset + start * field.stride,
    stride: field.stride * step,
    size: field.size + (taps - 1) * field.stride,
  };
}

/** Where branches join: the largest receptive field decides; equally large ones that lie apart (slices of one map) are spanned. */
export function joinAxis(fields: readonly AxisField[]): AxisField {
  const size = Math.max(...fields.map((field) => field.size));
  const largest = fields.filter((field) => field.size === size);
  const offsets = largest.map((field) => field.offset);
  const first = Math.min(...offsets);
  const last = Math.max(...offsets);
  return { offset: (first + last) / 2, stride: largest[0].stride, size: size + last - first };
}
