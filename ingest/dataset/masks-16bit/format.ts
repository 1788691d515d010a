import type { DatasetFormat } from '../format.ts';
import { CLASSES } from '../masks/classes.ts';
import { openMasks } from '../masks/open.ts';
import { namesOfMaskPlace, ownsMasks } from '../masks/place.ts';

/**
 * The same as `masks`, recognised by a table with values that take two bytes; a name of its own for those who look for
 * it.
 */
export const format: DatasetFormat = {
  name: 'masks-16bit',
  description: 'images/, masks/ (grey PNGs of 16 bits) and classes.csv (value, name)',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await namesOfMaskPlace(place);
    if (!names?.includes(CLASSES)) return false;
    return /^\s*"?0*([3-9]\d\d|2[6-9]\d|25[6-9]|\d{4,})"?,/m.test(Buffer.from(await place.head(CLASSES, 65536)).toString('utf8'));
  },
  owns: ownsMasks,
  open: (root, report, known) => openMasks('masks-16bit', root, report, known),
};
