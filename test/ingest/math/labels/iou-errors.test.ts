import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interval95, isReliable } from '../../../../core/interval.ts';
import { addImage, emptyErrorSums, iouError } from '../../../../ingest/math/labels/iou-errors.ts';

interface Image {
  intersection: number;
  mask: number;
  label: number;
}

/** As a tally does it: images where mask or label is empty are known from their squares alone. */
function counted(images: readonly Image[]): number | null {
  const sums = emptyErrorSums(1, 1, 1);
  let [intersection, union, masks, labels] = [0, 0, 0, 0];
  for (const { intersection: own, mask, label } of images) {
    intersection += own;
    union += mask + label - own;
    masks += mask ** 2;
    labels += label ** 2;
    if (mask > 0 && label > 0) addImage(sums, 0, own, mask, label);
  }
  const squares = { intersections: sums.intersections[0], products: sums.products[0], unions: sums.unions[0] + masks + labels };
  return iouError({ images: images.length, intersection, union, squares });
}

describe('the standard error of an IoU', () => {
  it('is that of two concepts computed by hand', () => {
    const of = (intersection: number, union: number): Image => ({ intersection, mask: union, label: intersection });
    expect(counted([of(4, 8), of(0, 4), of(2, 4), of(0, 4)])).toBeCloseTo(0.142361, 6);
    expect(counted([of(1, 5), of(0, 6), of(0, 4), of(1, 5)])).toBeCloseTo(0.05831, 6);
  });

  it('is that of the definition', () => {
    const image = fc
      .record({
        mask: fc.integer({ min: 0, max: 12_544 }),
        label: fc.integer({ min: 0, max: 12_544 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(({ mask, label, share }) => ({ mask, label, intersection: Math.floor(Math.min(mask, label) * share) }));
    fc.assert(
      fc.property(fc.array(image, { maxLength: 60 }), (images) => {
        const union = (one: Image) => one.mask + one.label - one.intersection;
        const total = images.reduce((sum, one) => sum + union(one), 0);
        if (images.length < 2 || total === 0) {
          expect(counted(images)).toBeNull();
          return;
        }
        const ratio = images.reduce((sum, one) => sum + one.intersection, 0) / total;
        const squares = images.reduce((sum, one) => sum + (one.intersection - ratio * union(one)) ** 2, 0);
        const expected = Math.sqrt((images.length / (images.length - 1)) * squares) / total;
        const found = counted(images) as number;
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * expected + 1e-12);
      }),
    );
  });

  it('gives no interval at 0 and 1, and one within them elsewhere, which holds for enough images alone', () => {
    expect([interval95(0, 0.1), interval95(1, 0.1), interval95(0.5, 0), interval95(0.5, null)]).toEqual([null, null, null, null]);
    const [low, high] = interval95(0.04, 0.01) as [number, number];
    expect([low, high].map((end) => end.toFixed(4))).toEqual(['0.0244', '0.0649']);
    expect([isReliable(0.04, 20), isReliable(0.04, 19), isReliable(0.009, 100)]).toEqual([true, false, false]);
  });
});
