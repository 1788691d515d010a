import type { DatasetFormat } from '../format.ts';
import { openMasks } from './open.ts';
import { hasMaskOfSameName, namesOfMaskPlace, ownsMasks } from './place.ts';

/** Pictures and grey or palette masks of the same names, 8 or 16 bits deep. */
export const format: DatasetFormat = {
  name: 'masks',
  description: 'images/, masks/ (grey or palette PNGs) and classes.csv (value, name)',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await namesOfMaskPlace(place);
    return names !== null && (names.includes('classes.csv') || (await hasMaskOfSameName(place)));
  },
  owns: ownsMasks,
  open: (root, report, known) => openMasks('masks', root, report, known),
};
