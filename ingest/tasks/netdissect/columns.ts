import { Category } from '../../../prisma/generated/enums.ts';

/** The categories in the order of the columns of NetDissect's tally.csv. */
export const TALLY_CATEGORIES = [
  Category.OBJECT,
  Category.COLOR,
  Category.MATERIAL,
  Category.SCENE,
  Category.TEXTURE,
  Category.PART,
] as const;

/** What stands in a row for each category: the best label, its pixels, the unit's active pixels, those in common, IoU. */
export const TALLY_MEASURES = ['label', 'truth', 'activation', 'intersect', 'iou'] as const;

export const TALLY_HEADER = [
  'unit',
  'category',
  'label',
  'score',
  ...TALLY_CATEGORIES.flatMap((category) => TALLY_MEASURES.map((measure) => `${category.toLowerCase()}-${measure}`)),
];
