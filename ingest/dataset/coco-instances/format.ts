import { ONE_FILE } from '../coco/annotation-files.ts';
import type { DatasetFormat } from '../format.ts';
import { openInstances } from './open.ts';

/** COCO's instances. */
export const format: DatasetFormat = {
  name: 'coco-instances',
  description: 'annotations/instances_PART.json and PART/ with its pictures, or annotations.json and pictures',
  module: import.meta.url,
  concepts: 'shown',
  async recognise(place) {
    if ((await place.list('annotations')).some((name) => /^instances_.+\.json$/.test(name))) return true;
    const own = (await place.list('')).find((name) => ONE_FILE.includes(name));
    return (
      own !== undefined && /"(images|annotations|categories)"\s*:\s*\[/.test(Buffer.from(await place.head(own, 65536)).toString('latin1'))
    );
  },
  owns: (file) =>
    ONE_FILE.includes(file) || /^annotations\/instances_[^/]+\.json$/.test(file) || /^(?!annotations\/).+\.(jpe?g|png|webp)$/i.test(file),
  open: openInstances,
};
