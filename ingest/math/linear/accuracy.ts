/**
 * How well classes are told apart (paper, 3.9).
 *
 * @param predicted, truth a class for each image
 * @returns `shares`: the share of each class's images that are told right, null where it has none; `mean`: over the
 * classes that have some
 */
export function classAccuracies(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
): { shares: (number | null)[]; mean: number } {
  const right = new Float64Array(classes);
  const all = new Float64Array(classes);
  for (let i = 0; i < truth.length; i++) {
    all[truth[i]]++;
    if (predicted[i] === truth[i]) right[truth[i]]++;
  }
  const shares = Array.from(all, (count, c) => (count === 0 ? null : right[c] / count));
  const known = shares.filter((share) => share !== null);
  return { shares, mean: known.reduce((sum, share) => sum + share, 0) / known.length };
}
