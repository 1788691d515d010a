import type { Candidates } from './candidates.ts';
import { floatOf, keyOf, keyOfBits } from './order.ts';

const BINS = 2048;

/** Gives the candidates part by part, as often as asked: they need not all be in memory. */
export type CandidateParts = () => AsyncIterable<Candidates> | Iterable<Candidates>;

export interface Selection {
  /** One a unit: the ranked value, NaN where fewer values than the rank lie above the mark. */
  values: Float32Array;
  /** Values above the mark, one a unit. */
  above: Float64Array;
}

/**
 * Exact order statistics: for each unit the `rank`-th largest of its values above `marks[unit]`.
 *
 * A radix selection that only counts: every pass over the parts narrows each unit's range of keys 2048-fold, so that memory is
 * `units * 2048` counters whatever the number of values, ties cost nothing, and counts of several parts add up.
 *
 * @param rank from 1
 */
export async function select(parts: CandidateParts, marks: Float32Array, rank: number): Promise<Selection> {
  const units = marks.length;
  const low = new Float64Array(units); // keys, inclusive; float64 because a range may span more than 2^31 keys
  const high = new Float64Array(units).fill(keyOf(Infinity));
  for (let k = 0; k < units; k++) low[k] = keyOf(marks[k]) + 1;
  const left = new Float64Array(units).fill(rank);
  const above = new Float64Array(units);
  const open = new Uint8Array(units).fill(1);

  for (let first = true; first || open.includes(1); first = false) {
    const counts = await count(parts, low, high, open);
    for (let k = 0; k < units; k++) {
      if (open[k] === 0) continue;
      if (first) {
        for (let b = 0; b < BINS; b++) above[k] += counts[k * BINS + b];
        if (above[k] < rank) {
          open[k] = 0;
          continue;
        }
      }
      let bin = BINS - 1;
      for (; counts[k * BINS + bin] < left[k]; bin--) left[k] -= counts[k * BINS + bin];
      const width = binWidth(low[k], high[k]);
      low[k] += bin * width;
      high[k] = Math.min(low[k] + width - 1, high[k]);
      if (low[k] === high[k]) open[k] = 0;
    }
  }
  const values = Float32Array.from(low, (key, k) => (above[k] < rank ? Number.NaN : floatOf(key)));
  return { values, above };
}

function binWidth(low: number, high: number): number {
  return Math.ceil((high - low + 1) / BINS);
}

async function count(parts: CandidateParts, low: Float64Array, high: Float64Array, open: Uint8Array): Promise<Float64Array> {
  const counts = new Float64Array(low.length * BINS);
  for await (const { count: maps, units, starts, values } of parts()) {
    const patterns = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < maps; i++) {
      const k = units[i];
      if (open[k] === 0) continue;
      const from = low[k];
      const to = high[k];
      const width = binWidth(from, to);
      for (let j = starts[i]; j < starts[i + 1]; j++) {
        const key = keyOfBits(patterns[j]);
        if (key >= from && key <= to) counts[k * BINS + Math.floor((key - from) / width)]++;
      }
    }
  }
  return counts;
}
