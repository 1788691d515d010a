import type { DatasetFormat } from '../format.ts';
import { openVistas } from '../mapillary/open.ts';

const VERSION = { format: 'mapillary-v1.2', config: 'config_v1.2.json', labels: 'v1.2/labels' };

/** Labels of version 1.2 in a folder of Mapillary Vistas 2. */
export const format: DatasetFormat = {
  name: VERSION.format,
  description: 'config_v1.2.json and SPLIT/images/, SPLIT/v1.2/labels/ of Mapillary Vistas 2',
  module: import.meta.url,
  concepts: 'shown',
  recognise: async (place) => (await place.list('')).includes(VERSION.config),
  owns: (file) => /^(train|training|val|validation|test|testing)\/(images|v1\.2\/labels)\/|^config_v1\.2\.json$/.test(file),
  open: (root, report, known) => openVistas(VERSION, root, report, known),
};
