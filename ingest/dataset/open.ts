import type { Broden, Row } from './broden.ts';
import { readCatalogue } from './catalogue.ts';
import { refuse } from './fault.ts';
import { fingerprint } from './fingerprint.ts';
import { readRows } from './rows.ts';

/**
 * Opens a dataset in the Broden v1 layout: category.csv, label.csv, c_<category>.csv, index.csv and images/ in the folder `root`.
 * Every file that index.csv names must be there; what stands in it is read by `readImage` and `readLabels`, and by `checkDataset`.
 *
 * Throws BAD_DATASET naming file and line at the first fault.
 */
export async function openBroden(root: string): Promise<Broden> {
  const report = refuse(root);
  const catalogue = await readCatalogue(root, report);
  const rows: Row[] = [];
  for await (const row of readRows(root, catalogue, report)) rows.push(row);
  return { root, ...catalogue, rows, sha256: await fingerprint(root, catalogue.categories, rows) };
}
