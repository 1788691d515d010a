/** How many images a network may be given at once, found out by giving it two. */
export interface BatchReport {
  /** As many as it insists on; null: any number. */
  batch: number | null;
  /**
   * Tensors in which an image's values depend on the images beside it: batch statistics, sums over the batch, one scale
   * for all.
   */
  disturbed: ReadonlySet<string>;
}

const MOST_VALUES = 4096;

/** Up to what another order of summation may change, as a share of the largest value. */
const TOLERANCE = 1e-4;

/** Values of one image of a tensor, evenly taken. `image` is which of `images`. */
export function sampleOf(values: ArrayLike<number>, image: number, images: number): Float64Array {
  const each = values.length / images;
  const count = Math.min(each, MOST_VALUES);
  return Float64Array.from({ length: count }, (_, i) => values[image * each + Math.floor((i * each) / count)]);
}

/** Whether samples of the same image agree. What is not a number in both agrees. */
export function agree(one: Float64Array, other: Float64Array, tolerance = TOLERANCE): boolean {
  if (one.length !== other.length) return false;
  const scale = one.reduce((largest, value) => (Math.abs(value) > largest ? Math.abs(value) : largest), 0);
  return one.every((value, i) => Object.is(value, other[i]) || !(Math.abs(value - other[i]) > tolerance * scale));
}
