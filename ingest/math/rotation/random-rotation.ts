import { determinant, Matrix } from 'ml-matrix';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { dot, removeAlong, scale } from './vector.ts';

/** Says how rotations are drawn: another generator, or another way to use it, gives others for the same seed. */
export const GENERATOR = 'xoroshiro128plus (pure-rand 8), Box-Muller, Gram-Schmidt by rows';

/**
 * A rotation of n dimensions, uniform on SO(n): Gram-Schmidt on a matrix of normal deviates, with R's diagonal
 * positive, and determinant +1 (paper, 3.2; docs/definitions.md, Rotation). The same seed gives the same rotation,
 * seeds give independent ones.
 *
 * @param seed a whole number
 * @returns n * n, row-major
 */
export function randomRotation(n: number, seed: number): Float64Array {
  const q = normalDeviates(n * n, seed);
  for (let row = 0; row < n; row++) {
    const current = q.subarray(row * n, (row + 1) * n);
    // Twice: the second time removes what rounding left of the first.
    for (let time = 0; time < 2; time++) {
      for (let other = 0; other < row; other++) removeAlong(current, q.subarray(other * n, (other + 1) * n));
    }
    scale(current, 1 / Math.sqrt(dot(current, current)));
  }
  if (determinant(Matrix.from1DArray(n, n, q)) < 0) scale(q.subarray(0, n), -1);
  return q;
}

/** Standard normal deviates by Box and Muller (1958). */
function normalDeviates(count: number, seed: number): Float64Array {
  const random = xoroshiro128plus(seed);
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
    return radius * Math.cos(2 * Math.PI * uniformFloat64(random));
  });
}
