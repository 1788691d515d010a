import type { DatasetFormat } from '../format.ts';
import { checkDataset } from './check.ts';
import { openBroden } from './open.ts';

/** Broden v1, the layout of NetDissect's datasets. */
export const format: DatasetFormat = {
  name: 'broden',
  description: 'index.csv, category.csv, label.csv, c_CATEGORY.csv and images/',
  module: import.meta.url,
  concepts: 'declared',
  async recognise(place) {
    const names = await place.list('');
    return ['index.csv', 'category.csv'].some((table) => names.includes(table));
  },
  owns: (file) => /^(images\/|[^/]+\.csv$)/.test(file),
  open: openBroden,
  check: checkDataset,
};
