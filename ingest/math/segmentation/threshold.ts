import { nextAbove } from './order.ts';
import { EXACT, type Parts, select } from './select.ts';

export interface Thresholds {
  /** T_k, one a unit; NaN for the units in `open`. */
  values: Float32Array;
  /** 1 where T_k is the unit's minimum over the dataset: its mask is S > T, not S >= T. */
  silent: Uint8Array;
  /** Units whose mark was too high for the threshold to be known: they must be redone with a lower one. */
  open: number[];
}

/**
 * How many of `count` values may be strictly greater than the threshold: m = floor(tau * count).
 * Rounded to twelve digits first: 0.29 * 100 is 28.999999999999996 in binary floating point.
 */
export function allowedAbove(tau: number, count: number): number {
  return Math.floor(Number((tau * count).toPrecision(12)));
}

/**
 * T_k: the (m + 1)-th largest of all values of unit k, m = floor(tau * values) (paper, 2.2: P(a_k > T_k) = tau).
 *
 * @param parts all candidates of the dataset
 * @param marks the highest mark under which any part was kept, one a unit
 * @param minima each unit's minimum over the dataset
 * @param values a unit's number of values over the dataset
 */
export async function thresholds(
  parts: Parts,
  marks: Float32Array,
  minima: Float32Array,
  values: number,
  tau: number,
): Promise<Thresholds> {
  const ranks = new Float64Array(marks.length).fill(allowedAbove(tau, values) + 1);
  const found = await select(parts, marks, ranks, EXACT);
  const open: number[] = [];
  for (let k = 0; k < found.length; k++) {
    if (!Number.isNaN(found[k])) continue;
    if (marks[k] <= minima[k]) found[k] = minima[k] + 0;
    else open.push(k);
  }
  return { values: found, silent: Uint8Array.from(found, (t, k) => (t === minima[k] ? 1 : 0)), open };
}

/** The bound b for which the mask is S >= b, for silent units too (float64). */
export function maskBounds({ values, silent }: Pick<Thresholds, 'values' | 'silent'>): Float64Array {
  return Float64Array.from(values, (t, k) => (silent[k] ? nextAbove(t) : t));
}
