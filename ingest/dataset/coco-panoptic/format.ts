import type { DatasetFormat } from '../format.ts';
import { openPanoptic } from './open.ts';

/** COCO's panoptic segmentation. */
export const format: DatasetFormat = {
  name: 'coco-panoptic',
  description: 'annotations/panoptic_PART.json, annotations/panoptic_PART/ with its maps and PART/ with its pictures',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('annotations')).some((name) => /^panoptic_.+\.json$/.test(name)),
  owns: (file) => /^annotations\/panoptic_[^/]+(\.json|\/.*\.png)$/.test(file) || /^(?!annotations\/).+\.(jpe?g|png|webp)$/i.test(file),
  open: openPanoptic,
};
