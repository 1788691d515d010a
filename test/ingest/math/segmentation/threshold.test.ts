import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collector } from '../../../../ingest/math/segmentation/collect.ts';
import { justBelow, keyOf, nextAbove } from '../../../../ingest/math/segmentation/order.ts';
import { startSample } from '../../../../ingest/math/segmentation/sample.ts';
import { allowedAbove, maskBounds, thresholds } from '../../../../ingest/math/segmentation/threshold.ts';
import { emptyTopImages } from '../../../../ingest/math/segmentation/top-images.ts';

const line = (width: number) => ({ height: 1, width, offsetY: 0, offsetX: 0, strideY: 1, strideX: 1 });

/** Thresholds of units that each see one image, a row of values. */
async function thresholdsOf(units: number[][], tau: number) {
  const width = units[0].length;
  const sample = startSample(width, new Float32Array(units.length).fill(-Infinity), tau, 1);
  const one = collector(line(width), sample, emptyTopImages(units.length, width), new Float32Array(units.length).fill(Infinity));
  await one.add({ images: [0], activations: Float32Array.from(units.flat()) });
  const { candidates, marks, minima } = one.finish();
  return thresholds(() => [candidates], marks, minima, width, tau);
}

describe('threshold', () => {
  it('is the (m + 1)-th largest value, m = floor(tau * N)', async () => {
    const { values, silent } = await thresholdsOf([[5, 1, 4, 2, 3, 10, 9, 8, 7, 6]], 0.25); // m = 2: 10 and 9 are greater
    expect([values[0], silent[0]]).toEqual([8, 0]);
  });

  it('keeps ties: fewer than m values may be strictly greater', async () => {
    const { values } = await thresholdsOf([[1, 7, 7, 7, 2, 3, 4, 5, 6, 0]], 0.2);
    expect(values[0]).toBe(7);
  });

  it('marks a unit silent whose threshold is its minimum', async () => {
    const found = await thresholdsOf(
      [
        [0, 0, 0, 0, 0, 0, 0, 0, 3, 0],
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
      ],
      0.1,
    );
    expect(Array.from(found.values)).toEqual([0, 2]);
    expect(Array.from(found.silent)).toEqual([1, 1]);
    const [first, second] = maskBounds(found);
    expect(first).toBeGreaterThan(0); // S > T, not S >= T
    expect(first).toBeLessThan(1e-300);
    expect(second).toBe(2.0000000000000004);
  });

  it('is the largest value when tau * N is below 1', async () => {
    expect((await thresholdsOf([[1, 3, 2]], 0.005)).values[0]).toBe(3);
  });

  it('counts what may be greater without binary rounding', () => {
    expect(allowedAbove(0.005, 392_000)).toBe(1960);
    expect(allowedAbove(0.29, 100)).toBe(29);
    expect(allowedAbove(0.005, 199)).toBe(0);
    expect(allowedAbove(0.005, 200)).toBe(1);
  });

  it('equals sorting, for any float32 values', async () => {
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(values, fc.double({ min: 0, max: 0.99, noNaN: true }), async (unit, tau) => {
        const sorted = Array.from(Float32Array.from(unit)).sort((a, b) => b - a);
        expect((await thresholdsOf([unit], tau)).values[0] + 0).toBe(sorted[allowedAbove(tau, unit.length)] + 0);
      }),
    );
  });
});

describe('order of floats', () => {
  it('is kept by their keys', () => {
    const float = fc.float({ noNaN: true });
    fc.assert(
      fc.property(float, float, (a, b) => {
        expect(Math.sign(keyOf(a) - keyOf(b))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it('has neighbours that leave nothing between', () => {
    expect(justBelow(1)).toBe(1 - 2 ** -24);
    expect(justBelow(0)).toBe(-(2 ** -149));
    expect(justBelow(-1)).toBe(-1 - 2 ** -23);
    expect(nextAbove(1)).toBe(1 + Number.EPSILON);
    expect(nextAbove(-1)).toBe(-1 + Number.EPSILON / 2);
    expect(nextAbove(0)).toBe(Number.MIN_VALUE);
  });
});
