import type { LayerInfo } from '../engine/engine.ts';
import type { TallyPlan } from '../math/segmentation/tally.ts';

/** What the plans of all layers share: the network's input in pixels, and how many concepts and categories the dataset has. */
export type Field = Pick<TallyPlan, 'inputHeight' | 'inputWidth' | 'concepts' | 'categories'>;

/** @param bounds one a unit, as for `TallyPlan` */
export function tallyPlan(
  { grid, kind }: Pick<LayerInfo, 'grid' | 'kind'>,
  { inputHeight, inputWidth, concepts, categories }: Field,
  bounds: Float64Array,
): Omit<TallyPlan, 'surfaces'> {
  return { grid, inputHeight, inputWidth, concepts, categories, wholeImagesOnly: kind === 'vector', bounds };
}
