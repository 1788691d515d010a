import type { Collected } from './collect.ts';

/** What all chunks say together of a unit's range, but for their candidates, which stay where they are. */
export type Merged = Pick<Collected, 'marks' | 'minima'>;

export function emptyMerged(units: number): Merged {
  return { marks: new Float32Array(units).fill(-Infinity), minima: new Float32Array(units).fill(Infinity) };
}

/** Adds a chunk, in place: the highest marks, the lowest minima. */
export function mergeInto(merged: Merged, { marks, minima }: Merged): void {
  for (let k = 0; k < marks.length; k++) {
    merged.marks[k] = Math.max(merged.marks[k], marks[k]);
    merged.minima[k] = Math.min(merged.minima[k], minima[k]);
  }
}
