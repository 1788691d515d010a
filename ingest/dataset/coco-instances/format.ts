import type { DatasetFormat } from '../format.ts';
import { openInstances } from './open.ts';

/** COCO's instances. */
export const format: DatasetFormat = {
  name: 'coco-instances',
  description: 'annotations/instances_PART.json and PART/ with its pictures',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('annotations')).some((name) => /^instances_.+\.json$/.test(name)),
  owns: (file) => /^annotations\/instances_[^/]+\.json$/.test(file) || /^(?!annotations\/).+\.(jpe?g|png|webp)$/i.test(file),
  open: openInstances,
};
