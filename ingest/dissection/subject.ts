import type { DenseDataset } from '../dataset/dataset.ts';
import type { LayerInfo } from '../engine/engine.ts';
import type { Subject } from '../labelling/labeller.ts';
import type { Method } from '../labelling/labellers.ts';

export function subjectOf(
  { units, kind }: Pick<LayerInfo, 'units' | 'kind'>,
  { concepts, categories }: Pick<DenseDataset, 'concepts' | 'categories'>,
  methods: readonly Method[] = [],
): Subject {
  const conceptCategories = concepts.map(({ category }) => categories.indexOf(category));
  const conceptNames = concepts.map(({ name }) => name);
  return { units, conceptCategories, conceptNames, categories: categories.length, wholeImagesOnly: kind === 'vector', methods };
}
