import type { Tally } from './tally.ts';

/** Scores of IoU at least this are kept, so that any later threshold above it can be answered. */
const SCORE_FLOOR = 0.01;
/** So many are kept of each category of each unit, whatever their IoU. */
const SCORES_PER_CATEGORY = 3;

/** Whether a score is worth keeping; `place` is its rank in its category, from 0. */
export type KeepScore = (score: Score, place: number) => boolean;

export const keepUsual: KeepScore = ({ iou }, place) => iou >= SCORE_FLOOR || place < SCORES_PER_CATEGORY;

export interface Score {
  /** Index in concept order. */
  concept: number;
  iou: number;
  intersection: number;
  union: number;
}

export interface CategoryScore {
  /** Index into the dataset's categories. */
  category: number;
  /** |M_k| over the images that carry the category. */
  activated: number;
  /** First in concept order on a tie; null where the category has no concept. */
  best: number | null;
  bestIou: number;
  bestIntersection: number;
  bestUnion: number;
}

export interface UnitScores {
  /** Top concept over all categories; ties: the first in concept order. null where there are no concepts. */
  label: number | null;
  iou: number;
  /** In concept order. */
  scores: Score[];
  categories: CategoryScore[];
}

/**
 * IoU(k, c) = sum |M_k & L_c| / sum |M_k | L_c|, both over the images that carry a label of c's category (paper, 2.2,
 * eq. 1); 0 where the union is empty.
 *
 * @param conceptCategories category index of each concept
 * @param pixels |L_c|, one a concept
 * @param keep decides what `scores` holds
 */
export function scoreUnit(
  tally: Tally,
  unit: number,
  conceptCategories: ArrayLike<number>,
  categories: number,
  pixels: Float64Array,
  keep: KeepScore = keepUsual,
): UnitScores {
  const concepts = conceptCategories.length;
  const byCategory: Score[][] = Array.from({ length: categories }, () => []);
  for (let concept = 0; concept < concepts; concept++) {
    const category = conceptCategories[concept];
    const intersection = tally.intersections[unit * (concepts + 1) + concept + 1];
    const union = tally.activated[unit * categories + category] + pixels[concept] - intersection;
    byCategory[category].push({ concept, iou: union === 0 ? 0 : intersection / union, intersection, union });
  }
  const ranked = byCategory.map((scores) => scores.toSorted(bestFirst));
  const top = ranked.flatMap((scores) => scores.slice(0, 1)).sort(bestFirst)[0];
  return {
    label: top?.concept ?? null,
    iou: top?.iou ?? 0,
    scores: ranked.flatMap((scores) => scores.filter(keep)).sort((a, b) => a.concept - b.concept),
    categories: ranked.map((scores, category) => ({
      category,
      activated: tally.activated[unit * categories + category],
      best: scores[0]?.concept ?? null,
      bestIou: scores[0]?.iou ?? 0,
      bestIntersection: scores[0]?.intersection ?? 0,
      bestUnion: scores[0]?.union ?? 0,
    })),
  };
}

function bestFirst(a: Score, b: Score): number {
  return b.iou - a.iou || a.concept - b.concept;
}
