import type { DatasetFormat } from '../format.ts';
import { openPascalContext } from './open.ts';

/** Pascal-Context. */
export const format: DatasetFormat = {
  name: 'pascal-context',
  description: 'JPEGImages/, trainval/NAME.mat (LabelMap) and labels.txt (number: name)',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('JPEGImages/') && names.includes('trainval/');
  },
  owns: (file) => /^JPEGImages\/|^trainval\/.*\.mat$|^labels\.txt$/.test(file),
  open: openPascalContext,
};
