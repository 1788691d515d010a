/**
 * Why a linear head says what it says (docs/definitions.md, Explanation; paper, 3.9): the score of a class is the sum
 * of what its units contribute, plus bias.
 */

/** Own: the network's last layer, behind global average pooling. SVM: trained on the layer's features. */
export type HeadKind = 'OWN' | 'SVM';

/**
 * What a head multiplies its weights with: an SVM the sums over space, a network's own head their means.
 *
 * @param sums one a unit, @param cells of the layer's grid
 */
export function headInputs(kind: HeadKind, sums: Float32Array, cells: number): Float64Array {
  const scale = kind === 'OWN' ? 1 / cells : 1;
  return Float64Array.from(sums, (sum) => sum * scale);
}

/** `w_n x_n`, one a unit. @param weights of one class, one a unit */
export function contributions(weights: Float32Array, inputs: Float64Array): Float64Array {
  return inputs.map((x, unit) => weights[unit] * x);
}

export function scoreOf(weights: Float32Array, bias: number, inputs: Float64Array): number {
  let score = bias;
  for (let unit = 0; unit < weights.length; unit++) score += weights[unit] * inputs[unit];
  return score;
}

/** Units by what they contribute, most first; the lower number where equal. */
export function rankUnits(contributed: Float64Array): number[] {
  return Array.from(contributed.keys()).sort((a, b) => contributed[b] - contributed[a] || a - b);
}

/** Place of the best score; the first where equal. */
export function bestClass(scores: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c] > scores[best]) best = c;
  return best;
}
