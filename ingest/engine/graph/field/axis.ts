/**
 * One axis of a receptive field, and how operators change it.
 *
 * Coordinates are network-input pixels, pixel centres at integers, padding included. Cell `j` of a map, j = 0, 1, ...,
 * hears the pixels `first[p] + q * shift` to `last[p] + q * shift`, where `j = q * P + p` and P is the length of both
 * lists. Almost everywhere P is 1 and shift the stride; maps that were enlarged have several phases: twice as large,
 * cells 0 and 1 hear the same cell of before.
 */
export interface AxisField {
  first: readonly number[];
  last: readonly number[];
  shift: number;
  /**
   * The cell hears more than that, no one knows how much: attention, a sum with what is not understood. Its place is
   * still known.
   */
  open: boolean;
}

export const PIXEL: AxisField = { first: [0], last: [0], shift: 1, open: false };

/** Beyond so many phases (an enlargement by an odd ratio) what a cell hears is no longer followed. */
const MOST_PHASES = 512;

/**
 * As a line: cell j is centred at `offset + j * stride`, in the mean over the phases. `size`: pixels that the cells
 * which hear most hear; null where no one knows.
 */
export interface AxisLine {
  offset: number;
  stride: number;
  size: number | null;
}

export function lineOf({ first, last, shift, open }: AxisField): AxisLine {
  const phases = first.length;
  const stride = shift / phases;
  const sizes = first.map((from, p) => last[p] - from + 1);
  const offset = first.reduce((sum, from, p) => sum + (from + last[p]) / 2 - p * stride, 0) / phases;
  return { offset, stride, size: open ? null : Math.max(...sizes) };
}

/** The same place, but more is heard than is known. */
export function opened(field: AxisField): AxisField {
  return { ...field, open: true };
}

/** First and last pixel that any of the cells from..to hears; cells beyond the map lie as those within. */
function heard({ first, last, shift }: AxisField, from: number, to: number): [number, number] {
  const phases = first.length;
  let low = Infinity;
  let high = -Infinity;
  // Within one period every phase is met; both ends are met in the first and the last period
  for (const [begin, end] of to - from >= 2 * phases
    ? [
        [from, from + phases],
        [to - phases, to],
      ]
    : [[from, to]])
    for (let cell = begin; cell <= end; cell++) {
      const period = Math.floor(cell / phases);
      const phase = cell - period * phases;
      low = Math.min(low, first[phase] + period * shift);
      high = Math.max(high, last[phase] + period * shift);
    }
  return [low, high];
}

/**
 * A map whose cell `o` hears the cells `cells(o)`, first and last; `period` cells on, they are `ahead` cells further.
 */
function composed(field: AxisField, period: number, ahead: number, cells: (o: number) => readonly [number, number]): AxisField {
  const phases = field.first.length;
  // As many periods as bring the phases of before back to where they were
  const times = phases / gcd(phases, ahead);
  if (period * times > MOST_PHASES) return { ...field, open: true };
  const pairs = Array.from({ length: period * times }, (_, o) => heard(field, ...cells(o)));
  const shift = (field.shift * ahead * times) / phases;
  return simplified({ first: pairs.map(([low]) => low), last: pairs.map(([, high]) => high), shift, open: field.open });
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** One phase where all phases follow each other evenly. */
function simplified(field: AxisField): AxisField {
  const { first, last, shift } = field;
  const stride = shift / first.length;
  const even = first.every((from, p) => from === first[0] + p * stride && last[p] === last[0] + p * stride);
  return even ? { ...field, first: [first[0]], last: [last[0]], shift: stride } : field;
}

export interface Window {
  kernel: number;
  stride: number;
  dilation: number;
  /** Cells of padding before the first; negative where cells are cut off. */
  padBegin: number;
}

/**
 * Convolution or pooling. Worked example: 7 wide, stride 2, padding 3 on the pixels: cell j hears 2j - 3 to 2j + 3:
 * offset 0, stride 2, size 7.
 */
export function throughWindow(field: AxisField, { kernel, stride, dilation, padBegin }: Window): AxisField {
  return composed(field, 1, stride, (o) => [o * stride - padBegin, o * stride - padBegin + (kernel - 1) * dilation]);
}

/**
 * Transposed convolution: output cell o hears input cells `(o + pad - k*d) / stride`, those that are whole numbers, k =
 * 0..kernel-1. A cell that hears none (the kernel is smaller than the stride) is counted to the one that lies nearest.
 */
export function throughTransposedWindow(field: AxisField, { kernel, stride, dilation, padBegin }: Window): AxisField {
  return composed(field, stride, 1, (o) => {
    const cells = Array.from({ length: kernel }, (_, k) => (o + padBegin - k * dilation) / stride);
    const whole = cells.filter(Number.isInteger);
    const nearest = [Math.round((o + padBegin - ((kernel - 1) * dilation) / 2) / stride)];
    const heard = whole.length > 0 ? whole : nearest;
    return [Math.min(...heard), Math.max(...heard)];
  });
}

/**
 * Output cell o reads the input cells `cells(o)`, first and last. `step`: input cells an output cell, as a fraction.
 */
export interface Sampling {
  step: { numerator: number; denominator: number };
  cells(o: number): readonly [number, number];
}

export function throughSampling(field: AxisField, { step, cells }: Sampling): AxisField {
  const common = gcd(step.numerator, step.denominator);
  return composed(field, step.denominator / common, step.numerator / common, cells);
}

/**
 * Where branches join, a cell hears what any of them hears. Branches whose cells lie at other strides do not lie on one
 * another: null.
 */
export function joinAxis(fields: readonly AxisField[]): AxisField | null {
  const [one] = fields;
  const stride = one.shift / one.first.length;
  if (fields.some((field) => Math.abs(field.shift / field.first.length - stride) > 1e-9 * stride)) return null;
  const phases = fields.reduce((least, { first: { length } }) => (least * length) / gcd(least, length), 1);
  const open = fields.some((field) => field.open);
  if (phases > MOST_PHASES) return { ...one, open: true };
  const pairs = Array.from({ length: phases }, (_, o) => {
    const each = fields.map((field) => heard(field, o, o));
    return [Math.min(...each.map(([low]) => low)), Math.max(...each.map(([, high]) => high))];
  });
  return simplified({ first: pairs.map(([low]) => low), last: pairs.map(([, high]) => high), shift: stride * phases, open });
}
