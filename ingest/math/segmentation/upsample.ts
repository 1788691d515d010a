import { type AnchoredAxis, anchorAxis, type Grid } from '../../../core/grid.ts';
import type { ImagePlacement } from '../../../core/placement.ts';

/**
 * A layer's grid laid over a mask: bilinear, anchored at receptive-field centres (docs/definitions.md, Upsampling). The
 * mask falls into blocks, one between each two neighbouring cells of a row and of a column; within a block the four
 * corners stay the same.
 */
export interface Overlay {
  height: number;
  width: number;
  rows: AnchoredAxis;
  columns: AnchoredAxis;
  /** Block row q covers mask rows `rowStarts[q]` to `rowStarts[q + 1]`; so too columns. */
  rowStarts: Int32Array;
  columnStarts: Int32Array;
}

/** @param placement of the mask over the network's input, @param height and width of the mask, all in pixels */
export function layOver(grid: Grid, { y, x }: ImagePlacement, height: number, width: number): Overlay {
  const rows = anchorAxis(grid.height, grid.offsetY, grid.strideY, y.extent, height, y.start);
  const columns = anchorAxis(grid.width, grid.offsetX, grid.strideX, x.extent, width, x.start);
  return { height, width, rows, columns, rowStarts: blockStarts(rows, grid.height), columnStarts: blockStarts(columns, grid.width) };
}

function blockStarts({ lower }: AnchoredAxis, cells: number): Int32Array {
  const blocks = Math.max(cells - 1, 1);
  const starts = new Int32Array(blocks + 1).fill(lower.length);
  for (let i = lower.length - 1; i >= 0; i--) starts[lower[i]] = i;
  for (let q = blocks - 1; q >= 0; q--) starts[q] = Math.min(starts[q], starts[q + 1]);
  return starts;
}

/** Scratch of `activePixels`, made once for a grid and a mask size. */
export interface MaskScratch {
  map: Float64Array;
  marked: Uint8Array;
  blocks: Int32Array;
  upper: Float64Array;
  lower: Float64Array;
}

export function maskScratch(grid: Grid, width: number): MaskScratch {
  const blocks = Math.max(grid.height - 1, 1) * Math.max(grid.width - 1, 1);
  return {
    map: new Float64Array(grid.height * grid.width),
    marked: new Uint8Array(blocks),
    blocks: new Int32Array(blocks),
    upper: new Float64Array(width),
    lower: new Float64Array(width),
  };
}

/**
 * The pixels of M_k = (S_k >= bound), S_k the upsampled map, in float64.
 *
 * Touches only blocks with a corner at or above the bound; every interpolated value lies between its corners.
 *
 * @param cells and values of the map, from `from` to `to`: with every cell at or above the bound, its eight neighbours
 * must be there
 * @param active mask pixels (row * width + column) of M_k, overwritten from 0
 * @returns how many pixels are active
 */
export function activePixels(
  grid: Grid,
  overlay: Overlay,
  cells: Uint16Array | Uint32Array,
  values: Float32Array,
  from: number,
  to: number,
  bound: number,
  scratch: MaskScratch,
  active: Int32Array,
): number {
  const { map, marked, blocks, upper, lower } = scratch;
  const gridWidth = grid.width;
  const acrossBlocks = Math.max(gridWidth - 1, 1);
  const downBlocks = Math.max(grid.height - 1, 1);
  let count = 0;
  for (let j = from; j < to; j++) {
    const cell = cells[j];
    map[cell] = values[j];
    if (!(values[j] >= bound)) continue;
    const row = (cell / gridWidth) | 0;
    const column = cell - row * gridWidth;
    for (let r = row > 0 ? row - 1 : 0; r <= row && r < downBlocks; r++) {
      for (let c = column > 0 ? column - 1 : 0; c <= column && c < acrossBlocks; c++) {
        const block = r * acrossBlocks + c;
        if (marked[block] === 1) continue;
        marked[block] = 1;
        blocks[count++] = block;
      }
    }
  }

  const { rows, columns, rowStarts, columnStarts, width } = overlay;
  const right = gridWidth > 1 ? 1 : 0;
  const below = grid.height > 1 ? gridWidth : 0;
  let found = 0;
  for (let i = 0; i < count; i++) {
    const block = blocks[i];
    marked[block] = 0;
    const blockRow = (block / acrossBlocks) | 0;
    const blockColumn = block - blockRow * acrossBlocks;
    const corner = blockRow * gridWidth + blockColumn;
    const a = map[corner];
    const b = map[corner + right];
    const c = map[corner + below];
    const d = map[corner + below + right];
    const firstX = columnStarts[blockColumn];
    const endX = columnStarts[blockColumn + 1];
    const endY = rowStarts[blockRow + 1];
    // a + w * (b - a) gives a itself on a plateau and never passes b: ties with the bound stay ties.
    for (let x = firstX; x < endX; x++) {
      const w = columns.weight[x];
      upper[x] = a + w * (b - a);
      lower[x] = c + w * (d - c);
    }
    // Along a row the values run from one end to the other: two ends that lie clear of the bound on one side, by more
    // than rounding can do, settle all between them.
    const rounding = 2 ** -48 * (Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d));
    const last = endX - 1;
    for (let y = rowStarts[blockRow]; y < endY; y++) {
      const w = rows.weight[y];
      const start = y * width;
      const left = upper[firstX] + w * (lower[firstX] - upper[firstX]) - bound;
      const right = upper[last] + w * (lower[last] - upper[last]) - bound;
      if (left < -rounding && right < -rounding) continue;
      if (left > rounding && right > rounding) {
        for (let x = firstX; x < endX; x++) active[found++] = start + x;
        continue;
      }
      for (let x = firstX; x < endX; x++) {
        active[found] = start + x;
        if (upper[x] + w * (lower[x] - upper[x]) >= bound) found++;
      }
    }
  }
  return found;
}
