import type { DatasetFormat } from '../format.ts';
import { namesOfMaskPlace, ownsMasks } from '../masks/place.ts';
import { openColourMasks } from './open.ts';

/** Pictures and masks whose colours are classes. */
export const format: DatasetFormat = {
  name: 'masks-rgb',
  description: 'images/, masks/ (colour PNGs) and colours.csv (name, r, g, b)',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await namesOfMaskPlace(place))?.includes('colours.csv') ?? false,
  owns: ownsMasks,
  open: openColourMasks,
};
