import type { AnchoredAxis } from '../../core/grid.ts';

/**
 * A map (rows then columns, `width` cells a row) read bilinearly at row y and column x of the pixels that the axes lay
 * over it.
 */
export function valueAt(values: Float32Array, width: number, rows: AnchoredAxis, y: number, columns: AnchoredAxis, x: number): number {
  const top = rows.lower[y] * width;
  const bottom = rows.upper[y] * width;
  const left = columns.lower[x];
  const right = columns.upper[x];
  const above = between(values[top + left], values[top + right], columns.weight[x]);
  const below = between(values[bottom + left], values[bottom + right], columns.weight[x]);
  return between(above, below, rows.weight[y]);
}

const between = (from: number, to: number, weight: number): number => from + (to - from) * weight;
