/**
 * A linear support vector machine with squared hinge loss, as liblinear (-s 1, -s 2) and scikit-learn's LinearSVC
 * define it: minimises
 *
 *     1/2 (|w|^2 + b^2) + C sum_i max(0, 1 - y_i (w x_i + b))^2,    y_i = +1 or -1;
 *
 * the bias is the weight of a feature that is always 1 (`-B 1`, `intercept_scaling=1`), and so is held small like any
 * other.
 *
 * No package that is kept up solves it for Node. liblinear's own dual coordinate descent (Hsieh et al., 2008) stays far
 * from the minimum here: deep features are sums over space, hundreds to thousands each, and nothing may be scaled,
 * because C = 0.001 is meant for them as they are. The loss is piecewise quadratic, so Newton's method with an exact
 * line search ends at the minimum itself after a dozen steps (Keerthi and DeCoste, A Modified Finite Newton Method for
 * Fast Solution of Large Scale Linear SVMs, JMLR 2005).
 */
import { dot } from '../rotation/vector.ts';
import type { Examples } from './examples.ts';
import { minimumAlong } from './line-search.ts';
import { ridgeOf } from './ridge.ts';

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
 * Of the primal problem, and how far the dual one is below it: both have the same solution, so the minimum lies
 * between.
 */
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
