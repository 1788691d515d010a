/**
 * Where along a direction the objective of `trainSvm` is least: the step t from 0 on at which its derivative
 *
 *     w d + t d d - 2 C sum_i s_i max(0, 1 - m_i - t s_i)
 *
 * is 0. The derivative rises, and is linear between the steps at which an example crosses the margin: from one of them
 * to the next until it is no longer negative.
 *
 * @param margins m, @param slopes s: how each margin changes along the direction d
 */
export function minimumAlong(w: Float64Array, direction: Float64Array, margins: Float64Array, slopes: Float64Array, c: number): number {
  let value = 0;
  let rise = 0;
  for (let k = 0; k < w.length; k++) {
    value += w[k] * direction[k];
    rise += direction[k] * direction[k];
  }
  const crossings: { step: number; i: number }[] = [];
  for (let i = 0; i < margins.length; i++) {
    const room = 1 - margins[i];
    const step = room / slopes[i];
    // On the margin, it is the slope that says on which side the example will be
    const counts = room > 0 || (room === 0 && slopes[i] < 0);
    if (counts) {
      value -= 2 * c * slopes[i] * room;
      rise += 2 * c * slopes[i] * slopes[i];
    }
    if (step > 0 && Number.isFinite(step)) crossings.push({ step, i });
  }
  crossings.sort((a, b) => a.step - b.step);
  let at = 0;
  for (const { step, i } of crossings) {
    if (value + rise * (step - at) >= 0) break;
    value += rise * (step - at);
    at = step;
    // What grows leaves the sum here, what falls enters it
    rise -= Math.sign(slopes[i]) * 2 * c * slopes[i] * slopes[i];
  }
  return at - value / rise;
}
