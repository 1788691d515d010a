/**
 * How well a score ranks images with a concept above those of its category without (docs/definitions.md): the area
 * under the ROC curve, exact from ranks, with DeLong's standard error.
 */

/** The images of one category, and which of its concepts each has. */
export interface RankedCategory {
  /** Images, by their place among the scores. */
  images: Uint32Array;
  /** Its concepts. */
  concepts: readonly number[];
  /** Image `images[i]` has `has[j]`, places in `concepts`, for j from `starts[i]` to `starts[i + 1]`. */
  starts: Uint32Array;
  has: Uint16Array;
}

export interface Auc {
  concept: number;
  positives: number;
  negatives: number;
  /** Over pairs of a positive and a negative: 2 where the positive scores higher, 1 where both score the same. */
  U2: number;
  /** U2 / (2 positives negatives). */
  auc: number;
  /** null with fewer than two positives or two negatives. */
  standardError: number | null;
}

/**
 * The AUC of each concept of a category that has positives and negatives.
 *
 * @param scores one an image
 * @param order all images by rising score
 */
export function aucsOf({ images, concepts, starts, has }: RankedCategory, scores: ArrayLike<number>, order: Uint32Array): Auc[] {
  const placeOf = new Int32Array(scores.length).fill(-1);
  for (const [i, image] of images.entries()) placeOf[image] = i;
  // Of every concept its positives by rising score: how many images of the category score below each, and how many the
  // same
  const below = concepts.map((): number[] => []);
  const equal = concepts.map((): number[] => []);
  let seen = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let ties = 0;
    while (to < order.length && scores[order[to]] === scores[order[from]]) if (placeOf[order[to++]] >= 0) ties++;
    for (let at = from; at < to && ties > 0; at++) {
      const place = placeOf[order[at]];
      if (place < 0) continue;
      for (let j = starts[place]; j < starts[place + 1]; j++) {
        below[has[j]].push(seen);
        equal[has[j]].push(ties);
      }
    }
    seen += ties;
    from = to;
  }
  return concepts.flatMap((concept, c) => {
    const positives = below[c].length;
    const negatives = images.length - positives;
    return positives > 0 && negatives > 0 ? [{ concept, positives, negatives, ...aucOf(below[c], equal[c], negatives) }] : [];
  });
}

/** @param below, equal of the positives by rising score, counted among all images of the category */
function aucOf(below: readonly number[], equal: readonly number[], negatives: number): Pick<Auc, 'U2' | 'auc' | 'standardError'> {
  const positives = below.length;
  let U2 = 0;
  // Twice the share of negatives below a positive times their number, and twice that of positives above a negative,
  // with how often
  const above: { twice: number; times: number }[] = [];
  const beneath: { twice: number; times: number }[] = [];
  let negativesBefore = 0;
  for (let from = 0; from < positives; ) {
    let to = from;
    while (to < positives && below[to] === below[from]) to++;
    const ties = to - from;
    const negativesBelow = below[from] - from;
    const negativesEqual = equal[from] - ties;
    const twice = 2 * negativesBelow + negativesEqual;
    U2 += ties * twice;
    beneath.push({ twice, times: ties });
    above.push({ twice: 2 * (positives - from), times: negativesBelow - negativesBefore });
    above.push({ twice: 2 * (positives - to) + ties, times: negativesEqual });
    negativesBefore = negativesBelow + negativesEqual;
    from = to;
  }
  above.push({ twice: 0, times: negatives - negativesBefore });
  const auc = U2 / (2 * positives * negatives);
  if (positives < 2 || negatives < 2) return { U2, auc, standardError: null };
  const byPositives = variance(beneath, U2 / positives, positives) / (4 * negatives ** 2);
  const byNegatives = variance(above, U2 / negatives, negatives) / (4 * positives ** 2);
  return { U2, auc, standardError: Math.sqrt(byPositives / positives + byNegatives / negatives) };
}

function variance(values: readonly { twice: number; times: number }[], mean: number, count: number): number {
  let sum = 0;
  for (const { twice, times } of values) sum += times * (twice - mean) ** 2;
  return sum / (count - 1);
}

/** Higher AUC first, compared as quotients of integers; ties: the first in concept order. */
export function byAuc(a: Auc, b: Auc): number {
  if (Math.abs(a.auc - b.auc) > 1e-9) return b.auc - a.auc;
  const left = BigInt(a.U2) * BigInt(b.positives * b.negatives);
  const right = BigInt(b.U2) * BigInt(a.positives * a.negatives);
  return left === right ? a.concept - b.concept : left > right ? -1 : 1;
}

/** All places of the scores by rising score. */
export function risingOrder(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
}
