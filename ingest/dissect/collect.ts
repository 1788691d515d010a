import type { Grid } from '../../prisma/grid.ts';
import { type Candidates, emptyCandidates, keepBatch, prune, trimmed } from './candidates.ts';
import { markShare, raisedMarks } from './marks.ts';
import { type Batch, scan } from './scan.ts';
import type { MapValues, Parts } from './select.ts';
import { offerBatch, type TopImages } from './top-images.ts';

/** Marks are raised whenever twice as many images have been seen, from the first to the last of these numbers. */
const FIRST_SAMPLE = 32;
const LAST_SAMPLE = 2048;

/** What one chunk of images leaves of one layer, but for its top images; chunks of disjoint images merge (see `merge.ts`). */
export interface Collected {
  candidates: Candidates;
  /** Under which the candidates were kept, one a unit. */
  marks: Float32Array;
  /** Each unit's minimum over the chunk. */
  minima: Float32Array;
}

/** What earlier chunks know. */
export interface Earlier {
  images: number;
  candidates: Parts;
  /** To start from: -Infinity keeps every map, Infinity none. */
  marks: Float32Array;
  minima: Float32Array;
}

/** Takes batches of one layer and keeps what a chunk must keep. Batches are added one after the other. */
export interface Collector {
  add(batch: Batch): Promise<void>;
  finish(): Collected;
}

/**
 * @param top the best images so far, kept up to date
 * @param tau the largest that will be asked of the candidates
 * @param safety how much further below the expected threshold marks are put; Infinity keeps every map
 */
export function collector(grid: Grid, earlier: Earlier, top: TopImages, tau: number, safety: number): Collector {
  const units = earlier.marks.length;
  const cells = grid.height * grid.width;
  const minima = new Float32Array(units).fill(Infinity);
  let marks = earlier.marks;
  let seen = earlier.images;
  let refineAt = Math.max(FIRST_SAMPLE, 2 ** Math.ceil(Math.log2(seen + 1)));
  const kept = emptyCandidates(cells);
  let keptUnder = marks;
  let maxima = new Float32Array(0);

  /** Raises the marks by what was kept so far and `latest`, which stand for `values` values of each map that was seen. */
  async function refine(latest: MapValues, values: number): Promise<void> {
    async function* parts() {
      yield* earlier.candidates();
      yield latest;
    }
    const lowest = minima.map((min, k) => Math.min(min, earlier.minima[k]));
    marks = await raisedMarks(parts, marks, lowest, seen * values, markShare(tau, seen, safety));
    while (refineAt <= seen) refineAt *= 2;
  }

  return {
    async add(batch) {
      const maps = batch.images.length * units;
      if (maxima.length < maps) maxima = new Float32Array(maps);
      scan(batch, units, cells, minima, maxima);
      offerBatch(top, batch.images, batch.activations, maxima, cells);
      seen += batch.images.length;
      const due = seen >= refineAt && seen <= LAST_SAMPLE;
      // Where nothing was kept yet the marks come from the batch itself: keeping all of it first would cost far more.
      const fresh = due && seen === batch.images.length;
      if (fresh) await refine(sampledMaps(batch, units, cells), Math.ceil(cells / sampleStep(cells)));
      if (kept.count === 0) keptUnder = marks;
      keepBatch(kept, batch.images, batch.activations, maxima, marks, grid.height, grid.width);
      if (due && !fresh) await refine(kept, cells);
    },
    finish() {
      const candidates = marks === keptUnder ? trimmed(kept) : trimmed(prune(kept, marks, grid.height, grid.width));
      return { candidates, marks, minima };
    },
  };
}

/** Cells of a map that are enough to put a first mark. */
const SAMPLE_CELLS = 128;

const sampleStep = (cells: number) => Math.max(1, Math.floor(cells / SAMPLE_CELLS));

/** Some cells, evenly spread, of every map of a batch, as a selection looks at them. */
function sampledMaps({ images, activations }: Batch, units: number, cells: number): MapValues {
  const step = sampleStep(cells);
  const each = Math.ceil(cells / step);
  const count = images.length * units;
  const values = new Float32Array(count * each);
  for (let map = 0, to = 0; map < count; map++) {
    for (let cell = 0; cell < cells; cell += step) values[to++] = activations[map * cells + cell];
  }
  return {
    count,
    units: Uint32Array.from({ length: count }, (_, map) => map % units),
    starts: Uint32Array.from({ length: count + 1 }, (_, map) => map * each),
    values,
  };
}
