/** Several values of the same measure: repeats, seeds, members of a group. */
export interface Summary {
  count: number;
  mean: number;
  min: number;
  max: number;
  /** Sample standard deviation; 0 for a single value. */
  spread: number;
}

/** Throws a RangeError where there are no values. */
export function summaryOf(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('A summary needs at least one value.');
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, min: Math.min(...values), max: Math.max(...values), spread: count === 1 ? 0 : Math.sqrt(squares / (count - 1)) };
}
