import type { Collected } from './collect.ts';
import { emptyTopImages, mergeTopImages, type TopImages } from './top-images.ts';

/** What all chunks say together, but for their candidates, which stay where they are. */
export interface Merged {
  marks: Float32Array;
  minima: Float32Array;
  top: TopImages;
}

export function emptyMerged(units: number, cells: number): Merged {
  return {
    marks: new Float32Array(units).fill(-Infinity),
    minima: new Float32Array(units).fill(Infinity),
    top: emptyTopImages(units, cells),
  };
}

/** Adds a chunk, in place: the highest marks, the lowest minima, the best images. */
export function mergeInto(merged: Merged, { marks, minima, top }: Collected, cells: number): void {
  for (let k = 0; k < marks.length; k++) {
    merged.marks[k] = Math.max(merged.marks[k], marks[k]);
    merged.minima[k] = Math.min(merged.minima[k], minima[k]);
  }
  mergeTopImages(merged.top, top, cells);
}
