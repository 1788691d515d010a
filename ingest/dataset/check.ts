import type { DenseDataset } from './dataset.ts';
import type { Fault, Report } from './fault.ts';
import type { DatasetFormat } from './format.ts';
import { checkImage } from './image.ts';

/** Enough to keep a few cores and a disk busy, few enough to hold in memory at any image size. */
const ROWS_AT_ONCE = 16;

/**
 * Reads a dataset whole, every picture and every label, and gives every fault as it is found; none where the dataset is
 * sound.
 *
 * @param onProgress told how many rows have been read with their files, of how many
 */
export function checkDense(format: DatasetFormat, root: string, onProgress: (done: number, total: number) => void): AsyncGenerator<Fault> {
  return format.check ? format.check(root, onProgress) : checkByReading(format, root, onProgress);
}

async function* checkByReading(
  format: DatasetFormat,
  root: string,
  onProgress: (done: number, total: number) => void,
): AsyncGenerator<Fault> {
  const faults: Fault[] = [];
  const report: Report = (fault) => faults.push(fault);
  const dataset: DenseDataset = await format.open(root, report);
  yield* faults.splice(0);
  const { rows } = dataset;
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const read = rows.slice(from, from + ROWS_AT_ONCE).map(async (row) => {
      await checkImage(dataset, row, report);
      await dataset.readLabels(row, report);
    });
    await Promise.all(read);
    yield* faults.splice(0);
    onProgress(Math.min(from + ROWS_AT_ONCE, rows.length), rows.length);
  }
}
