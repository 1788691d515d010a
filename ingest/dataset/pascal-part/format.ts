import type { DatasetFormat } from '../format.ts';
import { openPascalPart } from './open.ts';

/** Pascal-Part. */
export const format: DatasetFormat = {
  name: 'pascal-part',
  description: 'JPEGImages/ and Annotations_Part/NAME.mat',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('JPEGImages/') && names.includes('Annotations_Part/');
  },
  owns: (file) => /^JPEGImages\/|^Annotations_Part\/.*\.mat$/.test(file),
  open: openPascalPart,
};
