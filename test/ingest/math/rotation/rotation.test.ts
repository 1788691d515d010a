import fc from 'fast-check';
import { determinant, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { rotationPowers } from '../../../../ingest/math/rotation/power.ts';
import { randomRotation } from '../../../../ingest/math/rotation/random-rotation.ts';
import { identity, largestDifference, multiply, transpose } from './matrix.ts';

const EXACT = 1e-9;
const sizes = fc.integer({ min: 1, max: 24 });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const alphas = fc.double({ min: 0, max: 1, noNaN: true });

describe('a random rotation', () => {
  it('is orthogonal, with determinant 1', () => {
    fc.assert(
      fc.property(sizes, seeds, (n, seed) => {
        const q = randomRotation(n, seed);
        expect(largestDifference(multiply(q, transpose(q, n), n), identity(n))).toBeLessThan(1e-12);
        expect(determinant(Matrix.from1DArray(n, n, q))).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is the same for the same seed, another for another', () => {
    expect(randomRotation(5, 7)).toEqual(randomRotation(5, 7));
    expect(largestDifference(randomRotation(5, 7), randomRotation(5, 8))).toBeGreaterThan(0.1);
  });

  it('has no preferred direction: entries average 0, their squares 1/n, and the angle in the plane is uniform', () => {
    const turns = Array.from({ length: 4000 }, (_, seed) => randomRotation(2, seed));
    const quarters = [0, 0, 0, 0];
    for (const [cosine, , sine] of turns) quarters[Math.floor((Math.atan2(sine, cosine) / Math.PI + 1) * 2) % 4]++;
    // 1000 expected in each, standard deviation 27
    for (const count of quarters) expect(Math.abs(count - 1000)).toBeLessThan(140);

    const entries = Array.from({ length: 1000 }, (_, seed) => randomRotation(4, seed)).flatMap((q) => [...q]);
    const mean = entries.reduce((sum, value) => sum + value, 0) / entries.length;
    const square = entries.reduce((sum, value) => sum + value * value, 0) / entries.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(square).toBeCloseTo(1 / 4, 9);
  });
});

describe('powers of a rotation', () => {
  it('are rotations themselves', () => {
    fc.assert(
      fc.property(sizes, seeds, alphas, (n, seed, alpha) => {
        const power = rotationPowers(randomRotation(n, seed), n)(alpha);
        expect(largestDifference(multiply(power, transpose(power, n), n), identity(n))).toBeLessThan(EXACT);
        expect(determinant(Matrix.from1DArray(n, n, power))).toBeCloseTo(1, 8);
      }),
    );
  });

  it('go from the identity to the rotation: Q^0 = I exactly, Q^1 = Q', () => {
    fc.assert(
      fc.property(sizes, seeds, (n, seed) => {
        const q = randomRotation(n, seed);
        const power = rotationPowers(q, n);
        expect(power(0)).toEqual(identity(n));
        expect(largestDifference(power(1), q)).toBeLessThan(EXACT);
      }),
    );
  });

  it('add their exponents: Q^a Q^b = Q^(a+b)', () => {
    fc.assert(
      fc.property(sizes, seeds, alphas, alphas, (n, seed, a, b) => {
        const power = rotationPowers(randomRotation(n, seed), n);
        expect(largestDifference(multiply(power(a), power(b), n), power(a + b))).toBeLessThan(EXACT);
      }),
    );
  });

  it('take the short way: half of a quarter turn is an eighth, half of a turn by -120 degrees is -60', () => {
    const half = rotationPowers(Float64Array.of(0, -1, 1, 0), 2)(0.5);
    expect(largestDifference(half, [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT1_2, Math.SQRT1_2])).toBeLessThan(EXACT);
    const s = Math.sqrt(3) / 2;
    const back = rotationPowers(Float64Array.of(-0.5, s, -s, -0.5), 2)(0.5);
    expect(largestDifference(back, [0.5, s, -s, 0.5])).toBeLessThan(EXACT);
  });

  it('are found where planes share an angle, and where axes only turn round', () => {
    const conjugated = (angles: readonly number[], fixed: number, seed: number) => {
      const n = 2 * angles.length + fixed;
      const blocks = identity(n);
      for (const [i, angle] of angles.entries()) {
        const at = 2 * i * (n + 1);
        blocks.set([Math.cos(angle), -Math.sin(angle)], at);
        blocks.set([Math.sin(angle), Math.cos(angle)], at + n);
      }
      const basis = randomRotation(n, seed);
      return { n, q: multiply(multiply(basis, blocks, n), transpose(basis, n), n) };
    };
    const angle = fc.constantFrom(0, 0.3, 1, Math.PI / 2, 3, Math.PI);
    fc.assert(
      fc.property(fc.array(angle, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 2 }), seeds, (angles, fixed, seed) => {
        const { n, q } = conjugated(angles, fixed, seed);
        const power = rotationPowers(q, n);
        expect(largestDifference(power(1), q)).toBeLessThan(1e-7);
        const third = power(1 / 3);
        expect(largestDifference(multiply(multiply(third, third, n), third, n), q)).toBeLessThan(1e-7);
      }),
    );
  });

  it('are refused where the matrix is no rotation', () => {
    expect(() => rotationPowers(Float64Array.of(1, 0, 0, -1), 2)).toThrow(/no rotation/);
  });
});
