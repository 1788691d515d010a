import { plainCategory } from '../../../core/category.ts';

/** The categories in the order of the columns of NetDissect's tally.csv. */
export const TALLY_CATEGORIES = ['OBJECT', 'COLOR', 'MATERIAL', 'SCENE', 'TEXTURE', 'PART'] as const;

/**
 * What stands in a row for each category: the best label, its pixels, the unit's active pixels, those in common, IoU.
 */
export const TALLY_MEASURES = ['label', 'truth', 'activation', 'intersect', 'iou'] as const;

/** @param own the dataset's categories that NetDissect does not know, behind the others */
export const tallyHeader = (own: readonly string[]): string[] => [
  'unit',
  'category',
  'label',
  'score',
  ...[...TALLY_CATEGORIES, ...own].flatMap((category) => TALLY_MEASURES.map((measure) => `${plainCategory(category)}-${measure}`)),
];
