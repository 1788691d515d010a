import { describeFault, type Fault, type Report } from '../fault.ts';
import { checkImage } from '../image.ts';
import { type Catalogue, readCatalogue } from './catalogue.ts';
import { checkFrequencies, countPictures } from './check-frequencies.ts';
import { checkTables } from './check-tables.ts';
import { readLabels } from './labels.ts';
import { type BrodenRow, IMAGE_FOLDER } from './row.ts';
import { readRows } from './rows.ts';

/** Enough to keep a few cores and a disk busy, few enough to hold in memory at any image size. */
const ROWS_AT_ONCE = 16;

/**
 * Reads a dataset whole - every table, image and label map - and gives every fault as it is found; none where the
 * dataset is sound. `onProgress` is told how many rows of index.csv have been read with their files, of how many.
 *
 * Frequencies are checked last, and only where every row and map could be read: else what is counted would not tell.
 */
export async function* checkDataset(root: string, onProgress: (done: number, total: number) => void): AsyncGenerator<Fault> {
  const faults: Fault[] = [];
  const report: Report = (fault) => faults.push(fault);
  let complete = true;
  const reportLoss: Report = (fault) => {
    complete = false;
    report(fault);
  };

  const catalogue = await readCatalogue(root, report);
  await checkTables(root, catalogue, report);
  // A table that cannot be read, or a line of it, was met by both.
  yield* new Map(faults.splice(0).map((fault) => [describeFault(fault), fault])).values();

  const { total, mapped } = await checkRows(root, catalogue, report, reportLoss);
  yield* faults.splice(0);

  const images = new Uint32Array(catalogue.concepts.length);
  let done = 0;
  for await (const group of groupsOf(ROWS_AT_ONCE, readRows(root, catalogue, ignore))) {
    const read = async (row: BrodenRow) => {
      await checkImage({ root, imageFolder: IMAGE_FOLDER }, row, report, ' (ih x iw)');
      countPictures(await readLabels(root, catalogue, row, reportLoss), images);
    };
    await Promise.all(group.map(read));
    yield* faults.splice(0);
    done += group.length;
    onProgress(done, total);
  }
  if (complete) await checkFrequencies(root, catalogue, images, mapped, report);
  yield* faults;
}

/** Index.csv for itself: how many rows it has, and the categories that it gives maps for. */
async function checkRows(root: string, catalogue: Catalogue, report: Report, reportLoss: Report) {
  const lines = new Map<string, number>();
  const mapped = new Set<string>();
  let total = 0;
  for await (const { file, line, labels } of readRows(root, catalogue, reportLoss)) {
    total++;
    const first = lines.get(file);
    if (first === undefined) lines.set(file, line);
    else report({ file: 'index.csv', line, message: `lists ${file} again (first on line ${first}); remove one line` });
    for (const [category, entries] of labels) if (entries.some((entry) => typeof entry === 'string')) mapped.add(category);
  }
  return { total, mapped };
}

/** These faults were told before. */
const ignore: Report = () => {};

async function* groupsOf<Item>(size: number, items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
