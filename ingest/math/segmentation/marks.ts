import { justBelow } from './order.ts';
import { NEARLY, type Parts, select } from './select.ts';

/**
 * The rank in a sample at which a unit's mark is put, so that it lies below the threshold but for bad luck.
 *
 * A unit fires in bursts: `burst` values at once, a blob of neighbouring cells or a whole image. Of a sample that holds
 * `expected` values above the threshold in the mean, about `expected / burst` bursts are, with a Poisson spread. Five
 * standard deviations and four bursts more are allowed for, times `safety`.
 */
function markRank(expected: number, burst: number, safety: number): number {
  return Math.floor((expected + 5 * Math.sqrt(expected * burst) + 4 * burst) * safety) + 1;
}

/**
 * How many values above its mark a unit shows at once: the mean over these values of how many their map has. At a
 * higher mark it is no more, and where chance has put too many bursts into a sample, it is what shows there: it errs on
 * the safe side.
 */
async function burstsOf(parts: Parts, units: number): Promise<Float64Array> {
  const values = new Float64Array(units);
  const squares = new Float64Array(units);
  for await (const { count, units: of, starts } of parts()) {
    for (let i = 0; i < count; i++) {
      const many = starts[i + 1] - starts[i];
      values[of[i]] += many;
      squares[of[i]] += many * many;
    }
  }
  return squares.map((sum, k) => (values[k] > 0 ? sum / values[k] : 1));
}

/**
 * Raises marks by what a sample of images has shown.
 *
 * A mark is put just below the sample's ranked value (or a little lower), so that the value itself is kept; where that
 * value is the unit's minimum (a unit that is silent nearly everywhere) the mark is the minimum: only what exceeds it
 * is kept. Marks never fall.
 *
 * @param parts the sample's values above the marks
 * @param minima each unit's minimum so far
 * @param values of a unit in the sample, those below its mark too
 */
export async function raisedMarks(
  parts: Parts,
  marks: Float32Array,
  minima: Float32Array,
  values: number,
  tau: number,
  safety: number,
): Promise<Float32Array> {
  const bursts = await burstsOf(parts, marks.length);
  const ranks = bursts.map((burst) => markRank(tau * values, burst, safety));
  const ranked = await select(parts, marks, ranks, NEARLY);
  return marks.map((mark, k) => {
    if (Number.isNaN(ranked[k])) return mark; // too few values above the mark to raise it
    return ranked[k] <= minima[k] ? minima[k] : justBelow(ranked[k]);
  });
}
