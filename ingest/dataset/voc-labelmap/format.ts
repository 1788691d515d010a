import type { DatasetFormat } from '../format.ts';
import { LABEL_MAP, openLabelMap } from './open.ts';

/** Pascal VOC's folders with a table of colours. */
export const format: DatasetFormat = {
  name: 'voc-labelmap',
  description: 'JPEGImages/, SegmentationClass/ (colour PNGs), labelmap.txt (name:r,g,b::) and ImageSets/Segmentation/*.txt',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('JPEGImages/') && names.includes('SegmentationClass/') && names.includes(LABEL_MAP);
  },
  owns: (file) => /^(JPEGImages|SegmentationClass|ImageSets\/Segmentation)\/|^labelmap\.txt$/.test(file),
  open: openLabelMap,
};
