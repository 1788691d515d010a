import type { DatasetFile, DenseDataset } from '../dataset.ts';
import { type Report, refuse } from '../fault.ts';
import { readImage } from '../image.ts';
import { readCatalogue } from './catalogue.ts';
import { tableOf } from './category-name.ts';
import { readLabels } from './labels.ts';
import { type BrodenRow, filesOf, IMAGE_FOLDER } from './row.ts';
import { readRows } from './rows.ts';

/**
 * Opens a dataset in the Broden v1 layout: category.csv, label.csv, c_<category>.csv, index.csv and images/ in the
 * folder `root`.
 */
export async function openBroden(root: string, report: Report): Promise<DenseDataset> {
  const catalogue = await readCatalogue(root, report);
  const rows: BrodenRow[] = [];
  for await (const row of readRows(root, catalogue, report)) rows.push(row);
  const tables = ['index.csv', 'category.csv', 'label.csv', ...catalogue.categories.map((category) => tableOf(category))];
  return {
    format: 'broden',
    root,
    imageFolder: IMAGE_FOLDER,
    ...catalogue,
    rows,
    *files(): Iterable<DatasetFile> {
      for (const file of tables) yield { file, counts: 'bytes', row: null };
      for (const row of rows) yield* filesOf(row);
    },
    readImage: (row, height, width) => readImage({ root, imageFolder: IMAGE_FOLDER }, row, height, width),
    readLabels: (row, told = refuse(root)) => readLabels(root, catalogue, rows[row.index], told),
  };
}
