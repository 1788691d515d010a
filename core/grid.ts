/**
 * How a unit's activation map lies over an image. Stored with every layer, read by the dissection and by the overlays.
 *
 * Coordinates are network-input pixels with pixel centres at integers: (0, 0) is the centre of the first pixel.
 * Cell j of the map is centred at `offset + j * stride`.
 */
export interface Grid {
  height: number;
  width: number;
  offsetY: number;
  offsetX: number;
  strideY: number;
  strideX: number;
}

/**
 * One axis of the anchored bilinear reading: target pixel i lies between cells `lower[i]` and `upper[i]`, `weight[i]`
 * (0..1) of the way.
 */
export interface AnchoredAxis {
  lower: Int32Array;
  upper: Int32Array;
  weight: Float64Array;
}

/**
 * Lays `pixels` target pixels over `cells` cells along one axis.
 *
 * Target pixel i lies at `p = (i + 0.5) * input / pixels - 0.5` in network-input pixels; its cell coordinate is `(p -
 * offset) / stride`, clamped outside the outermost centres (docs/definitions.md, Upsampling).
 *
 * Where the pixels do not cover the input (the image was cropped or padded), `input` is what they cover, from `start`
 * on.
 *
 * Worked example: 14 cells, offset 0, stride 8, input 112, pixels 56: pixel 0 lies at 0.5, cell coordinate 0.0625;
 * pixel 55 lies at 110.5, cell coordinate 13.81, clamped to cell 13.
 */
export function anchorAxis(cells: number, offset: number, stride: number, input: number, pixels: number, start = 0): AnchoredAxis {
  const lower = new Int32Array(pixels);
  const upper = new Int32Array(pixels);
  const weight = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const position = start + ((i + 0.5) * input) / pixels - 0.5;
    const cell = Math.min(Math.max((position - offset) / stride, 0), cells - 1);
    lower[i] = Math.min(Math.floor(cell), Math.max(cells - 2, 0));
    upper[i] = Math.min(lower[i] + 1, cells - 1);
    weight[i] = cell - lower[i];
  }
  return { lower, upper, weight };
}
