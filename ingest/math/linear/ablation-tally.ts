import { bestClass } from '../../../core/explanation.ts';

/** What zeroing each unit does to each class, summed over images; by class, then unit. */
export interface AblationTally {
  classes: number;
  units: number;
  /** By class. */
  images: Float64Array;
  /** By how much the class's own score fell. */
  scoreDrops: Float64Array;
  /** Images that are no longer told right, less those that are now. */
  losses: Float64Array;
}

export function emptyAblation(classes: number, units: number): AblationTally {
  const values = () => new Float64Array(classes * units);
  return { classes, units, images: new Float64Array(classes), scoreDrops: values(), losses: values() };
}

/**
 * Counts an image.
 *
 * @param truth its class, @param before a score a class
 * @param after the scores with each unit zeroed: units x classes
 */
export function addImage(tally: AblationTally, truth: number, before: ArrayLike<number>, after: Float32Array | Float64Array): void {
  const { classes, units } = tally;
  const wasRight = bestClass(before) === truth;
  tally.images[truth]++;
  for (let unit = 0; unit < units; unit++) {
    const scores = after.subarray(unit * classes, (unit + 1) * classes);
    const isRight = bestClass(scores) === truth;
    tally.scoreDrops[truth * units + unit] += before[truth] - scores[truth];
    tally.losses[truth * units + unit] += Number(wasRight) - Number(isRight);
  }
}

/**
 * The scores that a linear head gives with each unit zeroed, exactly: a class loses what the unit contributed to it.
 *
 * @param weights one array a class, @param inputs one value a unit, @param before a score a class
 * @returns units x classes
 */
export function withoutEachUnit(weights: readonly Float32Array[], inputs: Float64Array, before: ArrayLike<number>): Float64Array {
  const after = new Float64Array(inputs.length * weights.length);
  for (let unit = 0; unit < inputs.length; unit++) {
    for (let c = 0; c < weights.length; c++) after[unit * weights.length + c] = before[c] - weights[c][unit] * inputs[unit];
  }
  return after;
}
