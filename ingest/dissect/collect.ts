import type { Grid } from '../../prisma/grid.ts';
import { type Candidates, emptyCandidates, keepBatch, prune, trimmed } from './candidates.ts';
import { markShare, raisedMarks } from './marks.ts';
import { type Batch, scan } from './scan.ts';
import type { CandidateParts } from './select.ts';
import { emptyTopImages, offerBatch, type TopImages } from './top-images.ts';

/** What one chunk of images leaves of one layer; chunks of disjoint images merge (see `merge.ts`). */
export interface Collected {
  candidates: Candidates;
  /** Under which the candidates were kept, one a unit. */
  marks: Float32Array;
  /** Each unit's minimum over the chunk. */
  minima: Float32Array;
  top: TopImages;
}

/** Takes batches of one layer and keeps what a chunk must keep. */
export interface Collector {
  add(batch: Batch): void;
  /**
   * Raises the marks by all images seen so far, this chunk's and those of the earlier parts.
   *
   * @param earlier candidates of earlier chunks, @param minima each unit's minimum over them, @param images seen in all
   */
  refine(earlier: CandidateParts, minima: Float32Array, images: number, tau: number, safety: number): Promise<void>;
  finish(): Collected;
}

/** @param marks to start from: -Infinity keeps every map, Infinity none */
export function collector(grid: Grid, marks: Float32Array): Collector {
  const units = marks.length;
  const cells = grid.height * grid.width;
  const minima = new Float32Array(units).fill(Infinity);
  const top = emptyTopImages(units, cells);
  let kept = emptyCandidates();
  let maxima = new Float32Array(0);

  return {
    add(batch) {
      const maps = batch.images.length * units;
      if (maxima.length < maps) maxima = new Float32Array(maps);
      scan(batch, units, cells, minima, maxima);
      keepBatch(kept, batch.images, batch.activations, maxima, marks, grid.height, grid.width);
      offerBatch(top, batch.images, batch.activations, maxima, cells);
    },
    async refine(earlier, earlierMinima, images, tau, safety) {
      const current = kept;
      async function* parts() {
        yield* earlier();
        yield current;
      }
      const lowest = minima.map((min, k) => Math.min(min, earlierMinima[k]));
      marks = await raisedMarks(parts, marks, lowest, images * cells, markShare(tau, images, safety));
      kept = prune(kept, marks, grid.height, grid.width);
    },
    finish: () => ({ candidates: trimmed(kept), marks, minima, top }),
  };
}
