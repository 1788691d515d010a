import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { DissectoryError } from '../../../core/errors.ts';
import { dot, removeAlong, scale } from './vector.ts';

/** Shorter than this, what is left of a unit vector is rounding: it lies in the space it was taken out of. */
const NOTHING = 1e-5;
/** So near to 0 or pi an angle's sine is lost in rounding. */
const STRAIGHT = 1e-7;

/**
 * A plane that a rotation turns within itself: `q u = cos u + sin v`, `q v = -sin u + cos v`; u and v are orthonormal.
 */
export interface Plane {
  u: Float64Array;
  v: Float64Array;
  /** 0 to pi. */
  angle: number;
}

/**
 * The real Schur decomposition of a rotation: planes orthogonal to each other, each turned within itself. What no plane
 * holds stays as it is.
 *
 * A rotation is normal, so its Schur vectors are eigenvectors: (q + q') / 2 is symmetric, keeps each plane and
 * stretches it by the cosine of its angle. From an eigenvector u of it, q u leads to the plane's other axis; that also
 * splits planes which share an angle.
 *
 * @param q n * n, row-major
 * @throws BAD_INPUT where q is not orthogonal with determinant +1
 */
export function planesOf(q: Float64Array, n: number): Plane[] {
  const planes: Plane[] = [];
  const spanned: Float64Array[] = [];
  const reversed: Float64Array[] = [];
  for (const u of eigenvectorsOfCosines(q, n)) {
    takeOut(u, spanned);
    if (Math.sqrt(dot(u, u)) < NOTHING) continue;
    scale(u, 1 / Math.sqrt(dot(u, u)));
    takeOut(u, spanned);
    scale(u, 1 / Math.sqrt(dot(u, u)));
    const v = Float64Array.from(u, (_, row) => dot(q.subarray(row * n, (row + 1) * n), u));
    const cosine = dot(u, v);
    removeAlong(v, u);
    const sine = Math.sqrt(dot(v, v));
    spanned.push(u);
    if (sine < STRAIGHT) {
      if (cosine < 0) reversed.push(u);
      continue;
    }
    scale(v, 1 / sine);
    takeOut(v, spanned);
    scale(v, 1 / Math.sqrt(dot(v, v)));
    spanned.push(v);
    planes.push({ u, v, angle: Math.atan2(sine, cosine) });
  }
  if (spanned.length !== n || reversed.length % 2 !== 0) {
    throw new DissectoryError('BAD_INPUT', `This ${n} x ${n} matrix is no rotation: it must be orthogonal, with determinant +1.`);
  }
  for (let i = 0; i < reversed.length; i += 2) planes.push({ u: reversed[i], v: reversed[i + 1], angle: Math.PI });
  return planes;
}

function eigenvectorsOfCosines(q: Float64Array, n: number): Float64Array[] {
  const matrix = Matrix.from1DArray(n, n, q);
  const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
  const { eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
  return eigenvectorMatrix
    .transpose()
    .to2DArray()
    .map((row) => Float64Array.from(row));
}

function takeOut(vector: Float64Array, units: readonly Float64Array[]): void {
  for (const unit of units) removeAlong(vector, unit);
}
