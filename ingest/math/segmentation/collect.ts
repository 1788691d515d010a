import type { Grid } from '../../../core/grid.ts';
import { type ActivityBlock, activityCollector } from '../labels/activity.ts';
import { type Candidates, emptyCandidates, keepBatch, trimmed } from './candidates.ts';
import type { Sample } from './sample.ts';
import { type Batch, scan } from './scan.ts';
import { offerBatch, type TopImages } from './top-images.ts';

/**
 * What one chunk of images leaves of one layer, but for its top images; chunks of disjoint images merge (see
 * `merge.ts`).
 */
export interface Collected {
  candidates: Candidates;
  /** One a unit: the highest mark under which any of the candidates was kept. */
  marks: Float32Array;
  /** Each unit's minimum over the chunk. */
  minima: Float32Array;
  /** Where it was asked for. */
  activity?: ActivityBlock;
}

/** Takes batches of one layer and keeps what a chunk must keep. Batches are added one after the other. */
export interface Collector {
  add(batch: Batch): Promise<void>;
  finish(): Collected;
}

/**
 * @param sample puts the marks, @param top the best images so far, with no maps where it has no room for them: both go
 * on from chunk to chunk
 * @param earlierMinima each unit's minimum over the chunks before
 * @param withActivity whether the activity of every unit on every image is kept too
 */
export function collector(grid: Grid, sample: Sample, top: TopImages, earlierMinima: Float32Array, withActivity = false): Collector {
  const units = earlierMinima.length;
  const cells = grid.height * grid.width;
  const cellsKept = top.maps.length / top.images.length;
  const minima = new Float32Array(units).fill(Infinity);
  const kept = emptyCandidates(cells);
  const activity = withActivity ? activityCollector(units, cells) : null;
  let maxima = new Float32Array(0);
  return {
    async add(batch) {
      const maps = batch.images.length * units;
      if (maxima.length < maps) maxima = new Float32Array(maps);
      scan(batch, units, cells, minima, maxima);
      activity?.add(batch.images.length, batch.activations, maxima);
      offerBatch(top, batch.images, batch.activations, maxima, cellsKept);
      await sample.add(
        batch,
        maxima,
        minima.map((min, k) => Math.min(min, earlierMinima[k])),
      );
      keepBatch(kept, batch.images, batch.activations, maxima, sample.marks(), grid.height, grid.width);
    },
    finish: () => ({ candidates: trimmed(kept), marks: sample.marks(), minima, ...(activity && { activity: activity.finish() }) }),
  };
}
