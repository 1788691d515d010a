import type { DatasetFormat } from '../format.ts';
import { openCityscapes } from './open.ts';

/** Cityscapes, fine annotations. */
export const format: DatasetFormat = {
  name: 'cityscapes',
  description: 'leftImg8bit/SPLIT/CITY/ and gtFine/SPLIT/CITY/*_gtFine_labelIds.png',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('leftImg8bit/') && names.includes('gtFine/');
  },
  owns: (file) => /^leftImg8bit\/|^gtFine\/.*_gtFine_labelIds\.png$/.test(file),
  open: openCityscapes,
};
