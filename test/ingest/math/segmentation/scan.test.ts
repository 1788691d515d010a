import { describe, expect, it } from 'vitest';
import { scan } from '../../../../ingest/math/segmentation/scan.ts';

describe('scan', () => {
  it('finds every map maximum and lowers the unit minima', () => {
    const minima = Float32Array.of(0, Infinity);
    const maxima = new Float32Array(4);
    scan({ images: [4, 5], activations: Float32Array.of(1, 2, -3, -4, 5, -6, 7, 8) }, 2, 2, minima, maxima);
    expect(Array.from(maxima)).toEqual([2, -3, 5, 8]);
    expect(Array.from(minima)).toEqual([-6, -4]);
  });

  it.each([Number.NaN, Infinity, -Infinity])('refuses %f, naming unit and image', (bad) => {
    const batch = { images: [40, 41], activations: Float32Array.of(1, 2, 3, bad) };
    expect(() => scan(batch, 2, 1, new Float32Array(2), new Float32Array(4))).toThrow(/^Unit 1 is NaN or infinite on image 41 /);
  });
});
