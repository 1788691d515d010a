import type { DatasetFormat } from '../format.ts';
import { openVoc } from './open.ts';

/** Pascal VOC, segmentation. */
export const format: DatasetFormat = {
  name: 'voc',
  description: 'JPEGImages/, SegmentationClass/ (palette PNGs) and ImageSets/Segmentation/*.txt',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('JPEGImages/') && names.includes('SegmentationClass/');
  },
  owns: (file) => /^(JPEGImages|SegmentationClass|ImageSets\/Segmentation)\//.test(file),
  open: openVoc,
};
