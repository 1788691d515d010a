import type { DenseDataset } from '../dataset/dataset.ts';
import type { LayerInfo } from '../engine/engine.ts';
import type { Subject } from '../labelling/labeller.ts';

export function subjectOf(
  { units, kind }: Pick<LayerInfo, 'units' | 'kind'>,
  { concepts, categories }: Pick<DenseDataset, 'concepts' | 'categories'>,
): Subject {
  const conceptCategories = concepts.map(({ category }) => categories.indexOf(category));
  return { units, conceptCategories, categories: categories.length, wholeImagesOnly: kind === 'vector' };
}
