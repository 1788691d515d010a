import type { DatasetFormat } from '../format.ts';
import { openVistas } from './open.ts';

const VERSION = { format: 'mapillary', config: 'config.json', labels: 'labels' };

/** Mapillary Vistas 1.1 and 1.2. */
export const format: DatasetFormat = {
  name: VERSION.format,
  description: 'config.json and SPLIT/images/, SPLIT/labels/ of Mapillary Vistas 1',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => {
    const names = await place.list('');
    return names.includes('config.json') && ['training/', 'validation/', 'train/', 'val/'].some((split) => names.includes(split));
  },
  owns: (file) => /^(train|training|val|validation|test|testing)\/(images|labels)\/|^config\.json$/.test(file),
  open: (root, report, known) => openVistas(VERSION, root, report, known),
};
