import type { DatasetFormat } from '../format.ts';
import { openFiftyOne } from './open.ts';

/** FiftyOne's ImageSegmentationDirectory. */
export const format: DatasetFormat = {
  name: 'fiftyone',
  description: 'data/, labels/ (grey PNGs) and targets.json ({"value": name})',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('data/') && names.includes('labels/');
  },
  owns: (file) => /^(data|labels)\/|^targets\.json$/.test(file),
  open: openFiftyOne,
};
