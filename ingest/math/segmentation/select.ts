import type { Candidates } from './candidates.ts';
import { floatOf, keyOf, keyOfBits } from './order.ts';

/** What a selection looks at: map i is of unit `units[i]` and holds `values` from `starts[i]` to `starts[i + 1]`. */
export type MapValues = Pick<Candidates, 'count' | 'units' | 'starts' | 'values'>;

/** Gives the values part by part, as often as asked: they need not all be in memory. */
export type Parts = () => AsyncIterable<MapValues> | Iterable<MapValues>;

/** The bits of a key below those that each pass looks at. Three passes are exact. */
export const EXACT = [21, 10, 0] as const;
/** Right to a relative 2^-9 and never above the true value, in two passes with a quarter of the counters. */
export const NEARLY = [23, 14] as const;

/**
 * Order statistics: for each unit the `ranks[unit]`-th largest of its values above `marks[unit]`, NaN where fewer lie
 * above it.
 *
 * A radix selection that only counts: every pass over the parts fixes the next bits of each unit's answer, so that
 * memory is 2,048 counters a unit (512 where it need be right nearly) whatever the number of values, ties cost nothing,
 * and counts of several parts add up.
 *
 * @param ranks from 1
 */
export async function select(
  parts: Parts,
  marks: Float32Array,
  ranks: Float64Array,
  passes: typeof EXACT | typeof NEARLY,
): Promise<Float32Array> {
  const first = Int32Array.from(marks, (mark) => keyOf(mark) + 1);
  const prefixes = new Uint32Array(marks.length);
  const left = ranks.slice();
  const missing = new Uint8Array(marks.length);
  let shift = 32;
  for (const next of passes) {
    const bins = 2 ** (shift - next);
    const counts = await count(parts, first, prefixes, shift, next);
    for (let k = 0; k < marks.length; k++) {
      if (missing[k] === 1) continue;
      let bin = bins - 1;
      for (; bin >= 0 && counts[k * bins + bin] < left[k]; bin--) left[k] -= counts[k * bins + bin];
      if (bin < 0) missing[k] = 1;
      else prefixes[k] = prefixes[k] * bins + bin;
    }
    shift = next;
  }
  return Float32Array.from(prefixes, (prefix, k) => (missing[k] ? Number.NaN : floatOf((first[k] + prefix * 2 ** shift) | 0)));
}

/**
 * Counts, by the bits from `next` up to `shift`, those values of each unit whose higher bits are its prefix. Keys are
 * counted from `first`.
 */
async function count(parts: Parts, first: Int32Array, prefixes: Uint32Array, shift: number, next: number): Promise<Float64Array> {
  const bins = 2 ** (shift - next);
  const counts = new Float64Array(first.length * bins);
  const all = shift === 32;
  for await (const { count: maps, units, starts, values } of parts()) {
    const patterns = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < maps; i++) {
      const k = units[i];
      const from = first[k];
      const prefix = prefixes[k];
      const base = k * bins;
      for (let j = starts[i]; j < starts[i + 1]; j++) {
        const key = keyOfBits(patterns[j]);
        if (key < from) continue;
        const place = (key - from) >>> 0;
        if (all || place >>> shift === prefix) counts[base + ((place >>> next) & (bins - 1))]++;
      }
    }
  }
  return counts;
}
