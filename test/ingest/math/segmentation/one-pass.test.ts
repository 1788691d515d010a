import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Collected, collector } from '../../../../ingest/math/segmentation/collect.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { distinctLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { emptySurfaces } from '../../../../ingest/math/segmentation/masks.ts';
import { emptyMerged, mergeInto } from '../../../../ingest/math/segmentation/merge.ts';
import { startSample } from '../../../../ingest/math/segmentation/sample.ts';
import { addTally, addTo, countLabels, emptyTally } from '../../../../ingest/math/segmentation/tally.ts';
import { maskBounds, thresholds } from '../../../../ingest/math/segmentation/threshold.ts';
import { emptyTopImages } from '../../../../ingest/math/segmentation/top-images.ts';
import { cases, randomLabels, seeded } from './adversaries.ts';
import { type PlainCase, type PlainResult, plainDissection } from './plain.ts';
import { tallyImage } from './tally-image.ts';

/** As the pipeline does it, in chunks of images, with marks raised early and repaired where they were too high. */
async function onePass(
  plain: PlainCase<ImageLabels>,
  chunkSize: number,
  safeties: number[],
  batchSize = 8,
): Promise<PlainResult & { rounds: number }> {
  const { grid, units, activations, labels, conceptCategories, categories, tau } = plain;
  const cells = grid.height * grid.width;
  const result: PlainResult = { thresholds: [], silent: [], intersections: [], unions: [] };
  const tally = emptyTally(units, conceptCategories.length, categories);
  const pixels = new Float64Array(conceptCategories.length);
  let open = Array.from({ length: units }, (_, k) => k);
  let rounds = 0;
  for (const safety of safeties) {
    rounds++;
    const marks = new Float32Array(units).fill(Infinity);
    for (const k of open) marks[k] = -Infinity;
    const sample = startSample(cells, marks, tau, safety);
    const merged = emptyMerged(units);
    const chunks: Collected[] = [];
    for (let from = 0; from < activations.length; from += chunkSize) {
      const one = collector(grid, sample, emptyTopImages(units, cells), merged.minima);
      const to = Math.min(from + chunkSize, activations.length);
      for (let i = from; i < to; i += batchSize) {
        const images = Array.from({ length: Math.min(batchSize, to - i) }, (_, j) => i + j);
        await one.add({ images, activations: Float32Array.from(images.flatMap((image) => Array.from(activations[image]))) });
      }
      const collected = one.finish();
      mergeInto(merged, collected);
      chunks.push(collected);
    }
    const found = await thresholds(() => chunks.map((c) => c.candidates), merged.marks, merged.minima, activations.length * cells, tau);
    const settled = open.filter((k) => !found.open.includes(k));
    open = open.filter((k) => found.open.includes(k));
    const bounds = new Float64Array(units).fill(Infinity);
    for (const k of settled) {
      bounds[k] = maskBounds(found)[k];
      result.thresholds[k] = found.values[k];
      result.silent[k] = found.silent[k] === 1;
    }
    const plan = {
      grid,
      inputHeight: plain.input,
      inputWidth: plain.input,
      concepts: conceptCategories.length,
      categories,
      wholeImagesOnly: false,
      bounds,
      surfaces: emptySurfaces(),
    };
    for (const { candidates } of chunks) {
      const part = emptyTally(units, conceptCategories.length, categories);
      for (let at = 0; at < candidates.count; ) {
        let to = at;
        while (to < candidates.count && candidates.images[to] === candidates.images[at]) to++;
        tallyImage(part, plan, distinctLabels(labels[candidates.images[at]]), candidates, at, to);
        at = to;
      }
      addTally(tally, part);
    }
    if (open.length === 0) break;
  }
  for (const one of labels) {
    const own = new Float64Array(pixels.length);
    countLabels(own, distinctLabels(one));
    addTo(pixels, own);
  }
  for (let k = 0; k < units; k++) {
    const own = conceptCategories.map((_, c) => tally.intersections[k * (conceptCategories.length + 1) + c + 1]);
    result.intersections.push(own);
    result.unions.push(conceptCategories.map((category, c) => tally.activated[k * categories + category] + pixels[c] - own[c]));
  }
  return { ...result, rounds };
}

const zeroless = (values: number[]) => values.map((v) => v + 0);

describe('one pass', () => {
  it('gives the numbers of the plain computation to the last integer, whatever the activations', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 80 }), fc.constantFrom(1, 7, 32), async (plain, chunkSize, batchSize) => {
        const expected = plainDissection(plain);
        const { thresholds, silent, intersections, unions } = await onePass(plain, chunkSize, [1, 6, Infinity], batchSize);
        expect(zeroless(thresholds)).toEqual(zeroless(expected.thresholds));
        expect(silent).toEqual(expected.silent);
        expect(intersections).toEqual(expected.intersections);
        expect(unions).toEqual(expected.unions);
      }),
      { numRuns: 60 },
    );
  });

  it('redoes the units whose marks were put too high, and only then is right', async () => {
    const images = 150;
    const random = seeded(7);
    const activations = Array.from({ length: images }, (_, i) =>
      Float32Array.from({ length: 16 }, () => (i < 40 ? 10 + random() : random())),
    );
    const plain: PlainCase<ImageLabels> = {
      grid: { height: 4, width: 4, offsetY: 0, offsetX: 0, strideY: 2, strideX: 2 },
      input: 8,
      units: 1,
      activations,
      labels: activations.map(() => randomLabels(random, [0, 0, 1, 1, 2])),
      conceptCategories: [0, 0, 1, 1, 2],
      categories: 3,
      tau: 0.3,
    };
    const { rounds, ...found } = await onePass(plain, 20, [0.1, 0.1, Infinity]);
    expect(rounds).toBe(3);
    expect(found).toEqual(plainDissection(plain));
  });

  it('changes nothing when images are permuted', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async (plain, seed) => {
        const random = seeded(seed);
        const order = plain.labels.map((_, i) => i).sort(() => random() - 0.5);
        const permuted = { ...plain, activations: order.map((i) => plain.activations[i]), labels: order.map((i) => plain.labels[i]) };
        const [a, b] = [await onePass(plain, 16, [1, Infinity]), await onePass(permuted, 16, [1, Infinity])];
        expect({ ...b, rounds: 0 }).toEqual({ ...a, rounds: 0 });
      }),
      { numRuns: 20 },
    );
  });

  it('permutes its results when units are permuted', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (plain) => {
        const cells = plain.grid.height * plain.grid.width;
        const reversed = plain.activations.map((maps) => {
          const turned = new Float32Array(maps.length);
          for (let k = 0; k < plain.units; k++) turned.set(maps.subarray(k * cells, (k + 1) * cells), (plain.units - 1 - k) * cells);
          return turned;
        });
        const [a, b] = [await onePass(plain, 16, [1, Infinity]), await onePass({ ...plain, activations: reversed }, 16, [1, Infinity])];
        expect(b.thresholds.toReversed()).toEqual(a.thresholds);
        expect(b.intersections.toReversed()).toEqual(a.intersections);
        expect(b.unions.toReversed()).toEqual(a.unions);
      }),
      { numRuns: 20 },
    );
  });
});
