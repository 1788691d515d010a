import type { DatasetFormat } from '../format.ts';
import { isImageName } from '../labelled/image-name.ts';
import { openLabelme } from './open.ts';

/** labelme. */
export const format: DatasetFormat = {
  name: 'labelme',
  description: 'NAME.json of labelme beside NAME.jpg',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const files = (await place.list('')).filter((name) => name.endsWith('.json'));
    for (const file of files.slice(0, 3)) {
      if (/"(shapes|imagePath)"\s*:/.test(Buffer.from(await place.head(file, 65536)).toString('latin1'))) return true;
    }
    return false;
  },
  owns: (file) => /(^|\/)[^.][^/]*\.json$|^labels\.txt$/.test(file) || isImageName(file.slice(file.lastIndexOf('/') + 1)),
  open: openLabelme,
};
