import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aucsOf, byAuc, type RankedCategory, risingOrder } from '../../../../ingest/math/labels/auc.ts';

/**
 * A category of one concept.
 * @param has of each image whether it has it; null: the image does not carry the category
 */
function category(has: readonly (boolean | null)[]): RankedCategory {
  const images = Uint32Array.from(has.flatMap((one, image) => (one === null ? [] : [image])));
  const places = Array.from(images, (image) => (has[image] ? [0] : []));
  const starts = Uint32Array.from([0, ...places.map((_, i) => places.slice(0, i + 1).flat().length)]);
  return { images, concepts: [7], starts, has: Uint16Array.from(places.flat()) };
}

const aucOf = (scores: readonly number[], has: readonly (boolean | null)[]) => aucsOf(category(has), scores, risingOrder(scores));

/** By all pairs, as the definition says. */
function plain(scores: readonly number[], has: readonly (boolean | null)[]) {
  const of = (which: boolean) => scores.filter((_, i) => has[i] === which);
  const [positives, negatives] = [of(true), of(false)];
  const wins = (a: number, b: number) => (a > b ? 2 : a === b ? 1 : 0);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const U2 = sum(positives.flatMap((a) => negatives.map((b) => wins(a, b))));
  const variance = (values: readonly number[]) => {
    const mean = sum(values) / values.length;
    return sum(values.map((v) => (v - mean) ** 2)) / (values.length - 1);
  };
  const v10 = positives.map((a) => sum(negatives.map((b) => wins(a, b))) / (2 * negatives.length));
  const v01 = negatives.map((b) => sum(positives.map((a) => wins(a, b))) / (2 * positives.length));
  return { U2, se: Math.sqrt(variance(v10) / v10.length + variance(v01) / v01.length) };
}

describe('AUC', () => {
  it('is three quarters where three of four half pairs are won, with DeLong’s error', () => {
    const [auc] = aucOf([3, 1, 2, 1, 0], [true, true, false, false, false]);
    expect(auc).toMatchObject({ concept: 7, positives: 2, negatives: 3, U2: 9, auc: 0.75 });
    expect(auc.standardError).toBeCloseTo(0.288675, 6);
  });

  it('is that of all pairs, ties and images without the category among them', () => {
    const image = fc.record({ score: fc.integer({ min: -3, max: 3 }), has: fc.constantFrom(true, false, null) });
    fc.assert(
      fc.property(fc.array(image, { maxLength: 40 }), (images) => {
        const [scores, has] = [images.map(({ score }) => score), images.map((one) => one.has)];
        const expected = plain(scores, has);
        const [auc] = aucOf(scores, has);
        const [positives, negatives] = [true, false].map((which) => has.filter((one) => one === which).length);
        if (positives === 0 || negatives === 0) {
          expect(auc).toBeUndefined();
          return;
        }
        expect(auc).toMatchObject({ positives, negatives, U2: expected.U2 });
        if (positives < 2 || negatives < 2) expect(auc.standardError).toBeNull();
        else expect(auc.standardError).toBeCloseTo(expected.se, 12);
      }),
      { numRuns: 300 },
    );
  });

  it('ranks equal quotients by concept, and close ones right', () => {
    const of = (concept: number, U2: number, positives: number, negatives: number) => {
      return { concept, U2, positives, negatives, auc: U2 / (2 * positives * negatives), standardError: null };
    };
    const close = [of(1, 3, 2, 3), of(0, 1, 1, 2), of(2, 999_999_999, 40_000, 20_000), of(3, 1_000_000_000, 40_000, 20_000)];
    expect(close.sort(byAuc).map(({ concept }) => concept)).toEqual([3, 2, 0, 1]);
  });
});
