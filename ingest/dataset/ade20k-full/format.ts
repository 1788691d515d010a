import type { DatasetFormat } from '../format.ts';
import { openAdeFull } from './open.ts';

/** ADE20K, the full set as released in 2021. */
export const format: DatasetFormat = {
  name: 'ade20k-full',
  description: 'images/ADE/SPLIT/GROUP/SCENE/ with NAME.jpg, NAME_seg.png, NAME_parts_1.png and NAME.json',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('images')).includes('ADE/'),
  owns: (file) => /^images\/ADE\/.*(\.jpe?g|_seg\.png|_parts_\d+\.png|\.json)$/i.test(file),
  open: openAdeFull,
};
