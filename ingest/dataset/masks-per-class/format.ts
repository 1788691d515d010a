import type { DatasetFormat } from '../format.ts';
import { namesOfMaskPlace, ownsMasks } from '../masks/place.ts';
import { openClassMasks } from './open.ts';

/** One binary mask a class. */
export const format: DatasetFormat = {
  name: 'masks-per-class',
  description: 'images/STEM.jpg and masks/STEM_CLASS.png, any value but 0 inside',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await namesOfMaskPlace(place)) !== null,
  owns: ownsMasks,
  open: openClassMasks,
};
