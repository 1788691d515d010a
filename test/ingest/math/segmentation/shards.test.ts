import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Collected, collector } from '../../../../ingest/math/segmentation/collect.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { distinctLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { emptySurfaces } from '../../../../ingest/math/segmentation/masks.ts';
import { emptyMerged, mergeInto } from '../../../../ingest/math/segmentation/merge.ts';
import { startSample } from '../../../../ingest/math/segmentation/sample.ts';
import { addTally, emptyTally } from '../../../../ingest/math/segmentation/tally.ts';
import { maskBounds, thresholds } from '../../../../ingest/math/segmentation/threshold.ts';
import { emptyTopImages, mergeTopImages } from '../../../../ingest/math/segmentation/top-images.ts';
import { cases } from './adversaries.ts';
import { type PlainCase, plainDissection } from './plain.ts';
import { tallyImage } from './tally-image.ts';

/** What a shard is: some of the images, in any order. */
type Shard = readonly number[];

/** Passes one shard with the marks given. */
async function passShard({ grid, units, activations, tau }: PlainCase<ImageLabels>, shard: Shard, marks: Float32Array, safety: number) {
  const cells = grid.height * grid.width;
  const top = emptyTopImages(units, cells);
  const one = collector(grid, startSample(cells, marks, tau, safety), top, new Float32Array(units).fill(Infinity));
  for (let i = 0; i < shard.length; i += 8) {
    const images = shard.slice(i, i + 8);
    await one.add({ images, activations: Float32Array.from(images.flatMap((image) => Array.from(activations[image]))) });
  }
  return { collected: one.finish(), top };
}

/** As the steps of a sharded dissection do it: marks by the first shard, kept by the others, until no unit is open. */
async function inShards(plain: PlainCase<ImageLabels>, shards: readonly Shard[], safeties: readonly number[]) {
  const { grid, units, labels, conceptCategories, categories, tau } = plain;
  const cells = grid.height * grid.width;
  const found = { thresholds: [] as number[], silent: [] as boolean[] };
  const tally = emptyTally(units, conceptCategories.length, categories);
  const top = emptyTopImages(units, cells);
  let open = Array.from({ length: units }, (_, k) => k);
  for (const [round, safety] of safeties.entries()) {
    const start = new Float32Array(units).fill(Infinity);
    for (const k of open) start[k] = -Infinity;
    const merged = emptyMerged(units);
    const parts: Collected[] = [];
    for (const [s, shard] of shards.entries()) {
      const passed = await passShard(plain, shard, s === 0 ? start : parts[0].marks, s === 0 ? safety : Infinity);
      parts.push(passed.collected);
      mergeInto(merged, passed.collected);
      if (round === 0) mergeTopImages(top, passed.top);
    }
    const settled = await thresholds(() => parts.map((p) => p.candidates), merged.marks, merged.minima, labels.length * cells, tau);
    const bounds = new Float64Array(units).fill(Infinity);
    for (const k of open.filter((one) => !settled.open.includes(one))) {
      bounds[k] = maskBounds(settled)[k];
      found.thresholds[k] = settled.values[k] + 0;
      found.silent[k] = settled.silent[k] === 1;
    }
    open = open.filter((k) => settled.open.includes(k));
    const plan = { grid, inputHeight: plain.input, inputWidth: plain.input, concepts: conceptCategories.length, categories };
    for (const { candidates } of parts.toReversed()) {
      const own = emptyTally(units, conceptCategories.length, categories);
      for (let at = 0; at < candidates.count; at++) {
        const image = distinctLabels(labels[candidates.images[at]]);
        tallyImage(own, { ...plan, wholeImagesOnly: false, bounds, surfaces: emptySurfaces() }, image, candidates, at, at + 1);
      }
      addTally(tally, own);
    }
  }
  const ofUnit = (k: number) => conceptCategories.map((_, c) => tally.intersections[k * (conceptCategories.length + 1) + c + 1]);
  return { ...found, intersections: Array.from({ length: units }, (_, k) => ofUnit(k)), top, open };
}

const splits = fc.record({
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
  /** Images in the order of the dataset: all that is extreme in it may lie in one shard. */
  sorted: fc.boolean(),
});

function split(images: number, { cuts, sorted }: { cuts: number[]; sorted: boolean }): Shard[] {
  const order = Array.from({ length: images }, (_, i) => (sorted ? i : (i * 7919) % images)); // 7919 is a prime
  const places = [0, ...cuts.map((cut) => Math.floor(cut * images)).sort((a, b) => a - b), images];
  return places.slice(1).map((to, s) => order.slice(places[s], to));
}

it('any split of the images gives the numbers of the plain computation and the top images of one pass, whatever the activations', async () => {
  await fc.assert(
    fc.asyncProperty(cases, splits, async (plain, asked) => {
      const shards = split(plain.labels.length, asked);
      const expected = plainDissection(plain);
      const { top, open, ...found } = await inShards(plain, shards, [1, 6, Infinity]);
      expect(open).toEqual([]);
      expect(found.thresholds).toEqual(expected.thresholds.map((value) => value + 0));
      expect(found.silent).toEqual(expected.silent);
      expect(found.intersections).toEqual(expected.intersections);
      const whole = await passShard(
        plain,
        plain.labels.map((_, i) => i),
        new Float32Array(plain.units).fill(Infinity),
        Infinity,
      );
      expect(top).toEqual(whole.top);
    }),
    { numRuns: 40 },
  );
});
