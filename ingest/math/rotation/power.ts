import { planesOf } from './planes.ts';

/**
 * Powers of a rotation along the shortest way from the identity: every plane's angle times alpha (paper, 3.2;
 * docs/definitions.md, Rotation). The decomposition is made once for all alphas.
 *
 * @param q n * n, row-major
 * @returns gives q^alpha, n * n, row-major; 0 gives the identity
 * @throws BAD_INPUT where q is no rotation
 */
export function rotationPowers(q: Float64Array, n: number): (alpha: number) => Float64Array {
  const planes = planesOf(q, n);
  return (alpha) => {
    const power = new Float64Array(n * n);
    for (let i = 0; i < n; i++) power[i * n + i] = 1;
    for (const { u, v, angle } of planes) {
      const cosine = Math.cos(alpha * angle) - 1;
      const sine = Math.sin(alpha * angle);
      for (let row = 0; row < n; row++) {
        const alongU = cosine * u[row] + sine * v[row];
        const alongV = cosine * v[row] - sine * u[row];
        for (let column = 0; column < n; column++) power[row * n + column] += alongU * u[column] + alongV * v[column];
      }
    }
    return power;
  };
}
