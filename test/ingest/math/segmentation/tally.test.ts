import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidates, emptyCandidates, keepBatch } from '../../../../ingest/math/segmentation/candidates.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { distinctLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { emptySurfaces } from '../../../../ingest/math/segmentation/masks.ts';
import { scoreUnit } from '../../../../ingest/math/segmentation/score.ts';
import { countLabels, emptyTally, type Tally } from '../../../../ingest/math/segmentation/tally.ts';
import { type TallyPlan, tallyImage } from './tally-image.ts';

/** One cell a pixel, so that the mask is the map: a 1 x 4 grid over 1 x 4 pixels. */
const GRID = { height: 1, width: 4, offsetY: 0, offsetX: 0, strideY: 1, strideX: 1 };
const plan = (concepts: number, categories: number, bound: number): TallyPlan => ({
  grid: GRID,
  inputHeight: 1,
  inputWidth: 4,
  concepts,
  categories,
  wholeImagesOnly: false,
  bounds: Float64Array.of(bound),
  surfaces: emptySurfaces(),
});

/** @param present bit c set: category c is there */
function labels(present: number, maps: number[][], whole: number[] = []): ImageLabels {
  return {
    height: 1,
    width: maps[0]?.length ?? 4,
    present: [0, 1, 2, 3].filter((c) => (present >> c) & 1),
    whole: Int32Array.from(whole),
    maps: maps.map((map) => Uint16Array.from(map)),
    ignored: [],
  };
}

function candidatesOf(map: number[]): Candidates {
  const kept = emptyCandidates(4);
  keepBatch(kept, [0], Float32Array.from(map), Float32Array.of(Math.max(...map)), Float32Array.of(-Infinity), 1, 4);
  return kept;
}

function tallied(
  map: number[],
  bound: number,
  image: ImageLabels,
  concepts: number,
  categories: number,
): { tally: Tally; pixels: Float64Array } {
  const tally = emptyTally(1, concepts, categories);
  const pixels = new Float64Array(concepts);
  const distinct = distinctLabels(image);
  countLabels(pixels, distinct);
  tallyImage(tally, plan(concepts, categories, bound), distinct, candidatesOf(map), 0, 1);
  return { tally, pixels };
}

describe('tally', () => {
  it('counts the pixels that mask and label share', () => {
    const { tally, pixels } = tallied([5, 1, 6, 7], 5, labels(1, [[1, 1, 0, 2]]), 2, 1);
    expect(Array.from(tally.intersections.subarray(1))).toEqual([1, 1]);
    expect(tally.activated[0]).toBe(3);
    expect(Array.from(pixels)).toEqual([2, 1]);
  });

  it('counts a pixel once for each of several labels, and once where a label stands in two maps', () => {
    const { tally, pixels } = tallied(
      [9, 9, 9, 0],
      5,
      labels(1, [
        [1, 1, 2, 2],
        [2, 1, 0, 2],
      ]),
      2,
      1,
    );
    expect(Array.from(tally.intersections.subarray(1))).toEqual([2, 2]);
    expect(Array.from(pixels)).toEqual([2, 3]);
  });

  it('lets a label of the whole image cover every pixel', () => {
    const { tally, pixels } = tallied([9, 0, 9, 0], 5, labels(0b10, [[0, 0, 0, 0]], [1]), 2, 2);
    expect(tally.intersections[2]).toBe(2);
    expect(pixels[1]).toBe(4);
  });

  it('counts active pixels only for the categories that the image carries', () => {
    const { tally } = tallied([9, 9, 0, 0], 5, labels(0b01, [[1, 0, 0, 0]]), 2, 2);
    expect(Array.from(tally.activated)).toEqual([2, 0]);
  });

  it('leaves ignored pixels out of what a category counts as active, and no other category', () => {
    const image = labels(0b11, [[1, 0, 0, 0]], [1]); // concept 0 on a pixel, of category 0; concept 1 of the whole image, of category 1
    const ignored = [{ categories: [0, 2], pixels: Uint8Array.of(0, 1, 1, 0) }];
    const { tally, pixels } = tallied([9, 9, 0, 9], 5, { ...image, ignored }, 2, 3);
    expect(Array.from(tally.activated)).toEqual([2, 3, 0]);
    expect(Array.from(tally.intersections.subarray(1))).toEqual([1, 3]);
    expect(Array.from(pixels)).toEqual([1, 4]);
  });

  it('lays one map over masks of different sizes', () => {
    const one = plan(1, 1, 5);
    const tally = emptyTally(1, 1, 1);
    const kept = candidatesOf([9, 9, 0, 0]);
    tallyImage(tally, one, labels(1, [[1, 1, 1, 1]]), kept, 0, 1);
    // Eight pixels at -0.25, 0.25, ... 3.25: cell coordinates 1.25 (6.75) still passes, 1.75 (2.25) does not: 4 pixels
    tallyImage(tally, one, { ...labels(1, [[1, 1, 1, 1, 1, 1, 1, 1]]), width: 8 }, kept, 0, 1);
    expect(tally.activated[0]).toBe(2 + 4);
    expect(tally.intersections[1]).toBe(2 + 4);
  });
});

describe('score', () => {
  /** `counts`: [intersection, pixels] of each concept. */
  function score(counts: [number, number][], categories: number[], activated: number[]) {
    const tally: Tally = { intersections: Float64Array.from([0, ...counts.map(([i]) => i)]), activated: Float64Array.from(activated) };
    return scoreUnit(
      tally,
      0,
      categories,
      activated.length,
      Float64Array.from(counts, ([, pixels]) => pixels),
    );
  }

  it('divides intersection by union within the concept category', () => {
    const { scores, label, iou } = score(
      [
        [10, 30],
        [5, 5],
      ],
      [0, 1],
      [20, 10],
    );
    expect(scores).toEqual([
      { concept: 0, iou: 10 / 40, intersection: 10, union: 40 },
      { concept: 1, iou: 5 / 10, intersection: 5, union: 10 },
    ]);
    expect([label, iou]).toEqual([1, 0.5]);
  });

  it('labels by the first in concept order when two tie, across categories too', () => {
    expect(
      score(
        [
          [4, 8],
          [4, 8],
          [4, 8],
        ],
        [1, 0, 0],
        [8, 8],
      ).label,
    ).toBe(0);
  });

  it('gives 0 where the union is empty, and the first concept as label', () => {
    expect(score([[0, 0]], [0], [0])).toMatchObject({ label: 0, iou: 0 });
  });

  it('keeps scores from 0.01 up and the three best of each category', () => {
    const counts: [number, number][] = [
      [1, 5],
      [0, 7],
      [0, 8],
      [0, 9],
      [2, 10],
      [3, 1000],
      [0, 4],
    ];
    const { scores, categories } = score(counts, [0, 0, 0, 0, 0, 0, 1], [10, 5]);
    expect(scores.map(({ concept }) => concept)).toEqual([0, 4, 5, 6]);
    const sparse = score(
      [
        [0, 5],
        [0, 7],
        [0, 8],
        [0, 9],
      ],
      [0, 0, 0, 0],
      [10],
    );
    expect(sparse.scores.map(({ concept }) => concept)).toEqual([0, 1, 2]);
    expect(categories).toEqual([
      { category: 0, activated: 10, best: 4, bestIou: 2 / 18, bestIntersection: 2, bestUnion: 18 },
      { category: 1, activated: 5, best: 6, bestIou: 0, bestIntersection: 0, bestUnion: 9 },
    ]);
  });

  it('lies between 0 and 1 for any masks and labels', () => {
    const map = fc.array(fc.nat(9), { minLength: 4, maxLength: 4 });
    const label = fc.array(fc.nat(3), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(map, fc.nat(9), fc.array(label, { minLength: 1, maxLength: 3 }), (activations, bound, maps) => {
        const present = maps.flat().some((l) => l > 0) ? 1 : 0;
        const { tally, pixels } = tallied(activations, bound, labels(present, maps), 3, 1);
        for (const { iou } of scoreUnit(tally, 0, [0, 0, 0], 1, pixels).scores) {
          expect(iou).toBeGreaterThanOrEqual(0);
          expect(iou).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
