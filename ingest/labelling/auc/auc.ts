import { type Auc, aucsOf, byAuc, type RankedCategory, risingOrder } from '../../math/labels/auc.ts';
import type { LabelRecord, UnitLabels } from '../../write/record.ts';
import type { Activity, ConceptLists, Labeller, Observed, Subject } from '../labeller.ts';

/** Units whose activity is read at a time. */
const UNITS = 64;
/** Scores kept of each category, beside those of concepts whose IoU is kept. */
const SCORES_PER_CATEGORY = 3;

type Pool = keyof Awaited<ReturnType<Activity['read']>>;

/**
 * How well the mean or the maximum of a unit's map ranks images with a concept above those of the concept's category
 * without (INVERT, Bykov et al. 2023). Labels are the best concept of each category, best first: AUCs of categories
 * with other negatives do not compare well.
 */
export const auc = (pool: Pool) =>
  ({
    needsActivity: true,
    needsConcepts: true,
    async *finish(observed) {
      const { subject, activity, concepts } = observed;
      if (!activity || !concepts) throw new Error('AUC is not observed');
      const categories = categoriesOf(subject, concepts);
      for (let from = 0; from < subject.units; from += UNITS) {
        const to = Math.min(from + UNITS, subject.units);
        const pooled = (await activity.read(from, to))[pool];
        for (let unit = from; unit < to; unit++) {
          const scores = pooled.subarray((unit - from) * activity.images, (unit - from + 1) * activity.images);
          const order = risingOrder(scores);
          const ofCategories = categories.map((category) => aucsOf(category, scores, order).sort(byAuc));
          yield unitLabels(observed, unit, ofCategories);
        }
      }
    },
  }) satisfies Labeller<unknown>;

function unitLabels({ subject, kept }: Observed<unknown>, unit: number, ofCategories: readonly (readonly Auc[])[]): UnitLabels {
  const besideIou = new Set(kept(unit));
  const scores = ofCategories.flatMap((aucs) => aucs.filter(({ concept }, place) => place < SCORES_PER_CATEGORY || besideIou.has(concept)));
  const labels = ofCategories.flatMap((aucs) => aucs.slice(0, 1)).sort(byAuc);
  return {
    labels: labels.map((one) => labelOf(subject, one)),
    scores: scores.map(({ concept, auc: score, standardError }) => ({ concept, score, standardError })),
  };
}

function labelOf({ conceptNames }: Subject, { concept, auc: score, standardError, positives }: Auc): LabelRecord {
  return {
    ...{ text: conceptNames[concept], concepts: [concept], operators: [], score, standardError, images: positives },
    ...{ intersection: null, union: null, proven: null, details: null },
  };
}

/** Of each category its images, and which of its concepts they have. */
export function categoriesOf({ conceptCategories, categories }: Subject, lists: ConceptLists): RankedCategory[] {
  return Array.from({ length: categories }, (_, category) => {
    const concepts = [...conceptCategories.keys()].filter((concept) => conceptCategories[concept] === category);
    const placeOf = new Map(concepts.map((concept, place) => [concept, place]));
    const images = lists.present.flatMap((carried, image) => (carried.includes(category) ? [image] : []));
    const has: number[] = [];
    const starts = [0];
    for (const image of images) {
      for (let j = lists.starts[image]; j < lists.starts[image + 1]; j++) {
        const place = placeOf.get(lists.concepts[j]);
        if (place !== undefined) has.push(place);
      }
      starts.push(has.length);
    }
    return { images: Uint32Array.from(images), concepts, starts: Uint32Array.from(starts), has: Uint16Array.from(has) };
  });
}
