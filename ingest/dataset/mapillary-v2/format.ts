import type { DatasetFormat } from '../format.ts';
import { openVistas } from '../mapillary/open.ts';

const VERSION = { format: 'mapillary-v2', config: 'config_v2.0.json', labels: 'v2.0/labels' };

/** Labels of version 2.0 in a folder of Mapillary Vistas 2. */
export const format: DatasetFormat = {
  name: VERSION.format,
  description: 'config_v2.0.json and SPLIT/images/, SPLIT/v2.0/labels/ of Mapillary Vistas 2',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('')).includes(VERSION.config),
  owns: (file) => /^(train|training|val|validation|test|testing)\/(images|v2\.0\/labels)\/|^config_v2\.0\.json$/.test(file),
  open: (root, report, known) => openVistas(VERSION, root, report, known),
};
