import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DenseDataset } from '../../../ingest/dataset/dataset.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { subjectOf } from '../../../ingest/dissection/subject.ts';
import { type LayerPlan, tallyChunk } from '../../../ingest/dissection/tally-chunk.ts';
import { type Candidates, emptyCandidates, keepBatch } from '../../../ingest/math/segmentation/candidates.ts';
import { emptySurfaces } from '../../../ingest/math/segmentation/masks.ts';
import { addTally, addTo } from '../../../ingest/math/segmentation/tally.ts';
import { TINY } from '../places.ts';

const UNITS = 3;
const GRID = { height: 4, width: 4, offsetY: 7.5, offsetX: 7.5, strideY: 32, strideX: 32 };
const CELLS = 16;

let dense: DenseDataset;
beforeAll(async () => {
  dense = await openDense(TINY);
});

const plan = (): LayerPlan => ({
  subject: subjectOf({ units: UNITS, kind: 'map' }, dense),
  grid: GRID,
  bounds: [Float64Array.of(0.5, 0.7, 0.9)],
  surfaces: emptySurfaces(),
});
const HOW = { input: { height: 112, width: 112 }, resize: 'STRETCH', withConcepts: false } as const;

/** Every map of the images, its activations given for the dataset's images in their order. */
function candidatesOf(images: Uint32Array, activations: Float32Array): Candidates {
  const kept = emptyCandidates(CELLS);
  const marks = new Float32Array(UNITS).fill(-Infinity);
  for (const image of images) {
    const own = activations.subarray(image * UNITS * CELLS, (image + 1) * UNITS * CELLS);
    keepBatch(kept, [image], own, new Float32Array(UNITS).fill(1), marks, GRID.height, GRID.width);
  }
  return kept;
}

async function tallied(images: Uint32Array, activations: Float32Array) {
  const { parts, counts } = await tallyChunk(dense, [...images], [candidatesOf(images, activations)], [plan()], HOW);
  return { tally: parts[0][0].iou, pixels: counts.pixels };
}

describe('the tally of a dataset in two parts', () => {
  it('adds up to that of the whole, under the same thresholds', async () => {
    const value = fc.float({ min: 0, max: 1, noNaN: true });
    const cases = fc.tuple(fc.infiniteStream(value), fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([values, chosen]) => {
        const activations = Float32Array.from(values.take(60 * UNITS * CELLS));
        const all = Uint32Array.from({ length: 60 }, (_, i) => i);
        const whole = await tallied(all, activations);
        const one = await tallied(Uint32Array.from(chosen), activations);
        const other = await tallied(
          all.filter((image) => !chosen.includes(image)),
          activations,
        );
        addTally(one.tally, other.tally);
        addTo(one.pixels, other.pixels);
        expect(one).toEqual(whole);
        expect(whole.tally.activated.some((count) => count > 0)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  it('counts as many labelled pixels as the dataset says of itself', async () => {
    const { pixels } = await tallied(
      Uint32Array.from({ length: 60 }, (_, i) => i),
      new Float32Array(60 * UNITS * CELLS),
    );
    expect([...pixels]).toEqual(dense.concepts.map(({ coverage }) => Math.round((coverage as number) * 56 * 56)));
  });
});
