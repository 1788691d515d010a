/** COCO's run lengths: how long runs of outside and inside are, outside first, down the columns of a mask. */

/**
 * The counts that COCO writes as text: from the fourth on each is less the one two before it; groups of five bits, low
 * group first, bit 5 says that more follows, bit 4 of the last group is the sign, 48 is added.
 *
 * Throws a plain Error, to be read after the place, where the text has another character, ends within a number or gives
 * a run below 0.
 */
export function parseRunLengths(text: string): number[] {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [count, scale, more, group] = [0, 1, true, 0];
    while (more) {
      if (at === text.length) throw new Error('has run lengths that end within a number');
      group = text.charCodeAt(at++) - 48;
      if (group < 0 || group > 63) throw new Error(`has run lengths with the character ${JSON.stringify(text[at - 1])}`);
      count += (group & 0x1f) * scale;
      scale *= 32;
      more = (group & 0x20) !== 0;
      if (scale > 2 ** 40) throw new Error('has run lengths with a number that is too large');
    }
    if (group & 0x10) count -= scale;
    if (counts.length > 2) count += counts[counts.length - 2];
    if (count < 0) throw new Error(`has the run length ${count}`);
    counts.push(count);
  }
  return counts;
}

/**
 * Checks run lengths against the size of what they cover.
 *
 * Throws a plain Error, to be read after the place, where one is no whole number of 0 or more, or they do not sum to
 * `height * width`.
 */
export function requireRunLengths(counts: readonly unknown[], height: number, width: number): asserts counts is readonly number[] {
  let sum = 0;
  for (const count of counts) {
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      throw new Error(`has the run length ${JSON.stringify(count)}`);
    sum += count;
  }
  if (sum === height * width) return;
  throw new Error(`has run lengths that sum to ${sum} where ${height} x ${width} (height x width) are ${height * width} pixels`);
}

/**
 * The inside of checked run lengths: stretches of pixels, in the order that the lengths go in, `from` included, `to`
 * not.
 */
export function eachLength(counts: readonly number[], tell: (from: number, to: number) => void): void {
  for (let i = 0, at = 0; i < counts.length; at += counts[i++]) if (i % 2 === 1 && counts[i] > 0) tell(at, at + counts[i]);
}
