import type { DatasetFormat } from '../format.ts';
import { openAde2016 } from './open.ts';

/** ADE20K, the full set as released in 2016. */
export const format: DatasetFormat = {
  name: 'ade20k-2016',
  description: 'index_ade20k.mat and images/SPLIT/LETTER/SCENE/ with NAME.jpg, NAME_seg.png, NAME_parts_1.png and NAME_atr.txt',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('')).includes('index_ade20k.mat'),
  owns: (file) => /^index_ade20k\.mat$|^images\/.*(\.jpe?g|_seg\.png|_parts_\d+\.png|_atr\.txt)$/i.test(file),
  open: openAde2016,
};
