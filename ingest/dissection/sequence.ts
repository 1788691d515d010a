/**
 * The sequence in which images pass: every image once, neighbours of index.csv far apart, so that the first images are
 * a fair sample of a dataset sorted by kind. Deterministic, so that a resumed run goes on where it was.
 *
 * @returns the dataset's image indices in the order of passing
 */
export function passSequence(count: number): Uint32Array {
  const step = coprimeNear(Math.round(count * 0.6180339887498949), count);
  const sequence = new Uint32Array(count);
  for (let position = 0, index = 0; position < count; position++, index = (index + step) % count) sequence[position] = index;
  return sequence;
}

function coprimeNear(start: number, count: number): number {
  let step = Math.max(start, 1);
  while (gcd(step, count) !== 1) step++;
  return step;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
