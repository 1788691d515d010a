import type { DatasetFormat } from '../format.ts';
import { openTextures } from './open.ts';

/** The Describable Textures Dataset. */
export const format: DatasetFormat = {
  name: 'textures',
  description: 'images/CLASS/ and labels/labels_joint_anno.txt, as the Describable Textures Dataset has them',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('labels')).includes('labels_joint_anno.txt'),
  owns: (file) => /^images\/|^labels\/[^/]*\.txt$/.test(file),
  open: openTextures,
};
