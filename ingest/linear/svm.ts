/**
 * A linear support vector machine with squared hinge loss, as liblinear (-s 1, -s 2) and scikit-learn's LinearSVC define it: minimises
 *
 *     1/2 (|w|^2 + b^2) + C sum_i max(0, 1 - y_i (w x_i + b))^2,    y_i = +1 or -1;
 *
 * the bias is the weight of a feature that is always 1 (`-B 1`, `intercept_scaling=1`), and so is held small like any other.
 *
 * No package that is kept up solves it for Node. liblinear's own dual coordinate descent (Hsieh et al., 2008) stays far from the minimum here: deep
 * features are sums over space, hundreds to thousands each, and nothing may be scaled, because C = 0.001 is meant for them as they are. The loss is
 * piecewise quadratic, so Newton's method with an exact line search ends at the minimum itself after a dozen steps (Keerthi and DeCoste, A
 * Modified Finite Newton Method for Fast Solution of Large Scale Linear SVMs, JMLR 2005).
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { minimumAlong } from './line-search.ts';

export interface Examples {
  /** count x units, one example after the other. */
  features: Float32Array;
  units: number;
  count: number;
}

export interface Svm {
  weights: Float64Array;
  bias: number;
  /** What is minimised. */
  objective: number;
  /** How far above the minimum that is at most, as a share of it: the duality gap. */
  gap: number;
  steps: number;
}

/** A duality gap that rounding alone leaves. */
const CLOSED = 1e-9;
const MOST_STEPS = 200;

/** @param sides +1 for examples of the class, -1 for all others */
export function trainSvm(examples: Examples, sides: Int8Array, c: number): Svm {
  const { units, count } = examples;
  const w = new Float64Array(units + 1);
  const margins = new Float64Array(count);
  const ridge = ridgeOf(examples, sides, c);
  for (let steps = 1; ; steps++) {
    const active = indicesWhere(margins, (margin) => margin < 1);
    const aim = ridge(active);
    const ahead = marginsOf(examples, sides, aim);
    const isThere = margins.every((margin, i) => margin < 1 === ahead[i] < 1);
    const direction = aim.map((value, k) => value - w[k]);
    const slopes = ahead.map((margin, i) => margin - margins[i]);
    const step = isThere ? 1 : minimumAlong(w, direction, margins, slopes, c);
    for (let k = 0; k <= units; k++) w[k] += step * direction[k];
    margins.set(marginsOf(examples, sides, w));
    const { objective, gap } = objectives(examples, sides, w, margins, c);
    if (isThere || gap < CLOSED || steps === MOST_STEPS) return { weights: w.slice(0, units), bias: w[units], objective, gap, steps };
  }
}

function indicesWhere(values: Float64Array, is: (value: number) => boolean): number[] {
  return Array.from(values.keys()).filter((i) => is(values[i]));
}

/** `y (w x + b)` of every example; the bias is the last of `w`. */
function marginsOf({ features, units, count }: Examples, sides: Int8Array, w: Float64Array): Float64Array {
  const margins = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++, at += units) {
    let sum = w[units];
    for (let k = 0; k < units; k++) sum += w[k] * features[at + k];
    margins[i] = sides[i] * sum;
  }
  return margins;
}

/**
 * The minimum of `1/2 |w|^2 + C sum (1 - y w x)^2` over the active examples alone: where the objective would have its minimum if none crossed
 * the margin. In as many unknowns as there are weights or examples, whichever are fewer.
 */
type Ridge = (active: readonly number[]) => Float64Array;

function ridgeOf(examples: Examples, sides: Int8Array, c: number): Ridge {
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
    const multiples = solve(gram, targets, c);
    const w = new Float64Array(examples.units + 1);
    for (const [n, i] of active.entries()) for (let k = 0; k < w.length; k++) w[k] += multiples[n] * rows[i][k];
    return w;
  };
}

/** `(X' X + I / 2C) w = X' y`. From one step to the next few examples cross the margin: only those are added or taken away. */
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

function augmented({ features, units }: Examples, i: number): Float64Array {
  const row = new Float64Array(units + 1);
  row.set(features.subarray(i * units, (i + 1) * units));
  row[units] = 1;
  return row;
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Of the primal problem, and how far the dual one is below it: both have the same solution, so the minimum lies between. */
function objectives(examples: Examples, sides: Int8Array, w: Float64Array, margins: Float64Array, c: number) {
  const { features, units } = examples;
  const combined = new Float64Array(units + 1);
  let loss = 0;
  let dual = 0;
  for (const [i, margin] of margins.entries()) {
    const miss = Math.max(0, 1 - margin);
    if (miss === 0) continue;
    const alpha = 2 * c * miss;
    loss += c * miss * miss;
    dual += alpha - (alpha * alpha) / (4 * c);
    for (let k = 0; k < units; k++) combined[k] += alpha * sides[i] * features[i * units + k];
    combined[units] += alpha * sides[i];
  }
  const objective = dot(w, w) / 2 + loss;
  return { objective, gap: (objective - dual + dot(combined, combined) / 2) / objective };
}
