import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { dot } from '../rotation/vector.ts';
import { augmented, type Examples } from './examples.ts';

/**
 * The minimum of `1/2 |w|^2 + C sum (1 - y w x)^2` over the active examples alone: where the objective would have its
 * minimum if none crossed the margin. In as many unknowns as there are weights or examples, whichever are fewer.
 */
export type Ridge = (active: readonly number[]) => Float64Array;

/** Solves the steps of one training: each call may name other active examples. */
export function ridgeOf(examples: Examples, sides: Int8Array, c: number): Ridge {
  return examples.count <= examples.units ? ridgeByExamples(examples, sides, c) : ridgeByWeights(examples, sides, c);
}

/** `w = sum a_i x_i` with `(X X' + I / 2C) a = y`. */
function ridgeByExamples(examples: Examples, sides: Int8Array, c: number): Ridge {
  const rows = Array.from({ length: examples.count }, (_, i) => augmented(examples, i));
  return (active) => {
    const size = active.length;
    const gram = new Float64Array(size * size);
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) gram[i * size + j] = dot(rows[active[i]], rows[active[j]]);
    const targets = Float64Array.from(active, (i) => sides[i]);
    const multiples = size === 0 ? [] : solve(gram, targets, c);
    const w = new Float64Array(examples.units + 1);
    for (const [n, i] of active.entries()) for (let k = 0; k < w.length; k++) w[k] += multiples[n] * rows[i][k];
    return w;
  };
}

/**
 * `(X' X + I / 2C) w = X' y`. From one step to the next few examples cross the margin: only those are added or taken
 * away.
 */
function ridgeByWeights(examples: Examples, sides: Int8Array, c: number): Ridge {
  const size = examples.units + 1;
  const products = new Float64Array(size * size);
  const target = new Float64Array(size);
  const counted = new Uint8Array(examples.count);

  function count(i: number, sign: 1 | -1): void {
    const row = augmented(examples, i);
    for (let a = 0, at = 0; a < size; a++, at = a * size) {
      const value = sign * row[a];
      target[a] += sides[i] * value;
      for (let b = 0; b <= a; b++) products[at + b] += value * row[b];
    }
    counted[i] = sign === 1 ? 1 : 0;
  }

  return (active) => {
    const wanted = new Uint8Array(examples.count);
    for (const i of active) wanted[i] = 1;
    for (let i = 0; i < examples.count; i++) if (wanted[i] !== counted[i]) count(i, wanted[i] ? 1 : -1);
    return Float64Array.from(solve(products, target, c));
  };
}

/** Solves `(A + I / 2C) z = values`. @param lower A's lower triangle, row-major */
function solve(lower: Float64Array, values: ArrayLike<number>, c: number): number[] {
  const size = values.length;
  const matrix = new Matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      matrix.set(i, j, lower[i * size + j]);
      matrix.set(j, i, lower[i * size + j]);
    }
    matrix.set(i, i, lower[i * size + i] + 1 / (2 * c));
  }
  return new CholeskyDecomposition(matrix).solve(Matrix.columnVector(values)).to1DArray();
}
