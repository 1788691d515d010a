import { distinctLabels } from '../math/segmentation/labels.ts';
import type { Concept, DenseDataset, Row } from './dataset.ts';
import { type Report, refuse } from './fault.ts';
import { checkPicture } from './image.ts';

/** Enough to keep a few cores and a disk busy, few enough to hold in memory at any image size. */
const ROWS_AT_ONCE = 16;

/** How often a concept is seen. */
export interface Counted {
  /** Images that carry it. */
  frequency: number;
  /** Sum over images of the fraction of the labels' pixels that do. */
  coverage: number;
}

/**
 * Reads all labels of a dataset, and looks at every picture, once: the concepts that its pictures show, in their order,
 * with how often.
 *
 * Throws BAD_DATASET naming file and entry at the first fault, or where no label is found.
 *
 * @param onProgress rows read so far, of all
 */
export async function surveyDataset(dataset: DenseDataset, onProgress: (done: number, total: number) => void): Promise<Concept[]> {
  const report = refuse(dataset.root);
  const counted = await countRows(dataset, onProgress, report, (row) => checkPicture(dataset, row, report));
  const shown = dataset.concepts.map((concept, i) => ({ ...concept, ...counted[i] })).filter(({ frequency }) => frequency > 0);
  if (shown.length === 0) return report({ file: '.', line: null, message: `has ${dataset.rows.length} pictures, none with a label` });
  return shown.map((concept, index) => ({ ...concept, index }));
}

/**
 * Reads all labels of a dataset once: how often each concept is seen, in their order. What a table says of that may
 * have been counted over other images. Labels that cannot be read are left out: `checkDense` tells them, and a
 * dissection refuses them.
 *
 * @param onProgress rows read so far, of all
 */
export const countConcepts = (dataset: DenseDataset, onProgress: (done: number, total: number) => void): Promise<Counted[]> =>
  countRows(
    dataset,
    onProgress,
    () => {},
    async () => {},
  );

async function countRows(
  dataset: DenseDataset,
  onProgress: (done: number, total: number) => void,
  report: Report,
  look: (row: Row) => Promise<void>,
): Promise<Counted[]> {
  const { rows, concepts } = dataset;
  const counted = concepts.map(() => ({ frequency: 0, coverage: 0 }));
  const count = async (row: Row) => {
    await look(row);
    return countPixels(dataset, row, report);
  };
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    for (const { pixels, of } of await Promise.all(rows.slice(from, from + ROWS_AT_ONCE).map(count))) {
      for (const [concept, found] of pixels) {
        counted[concept].frequency++;
        counted[concept].coverage += found / of;
      }
    }
    onProgress(Math.min(from + ROWS_AT_ONCE, rows.length), rows.length);
  }
  return counted;
}

/** How many pixels of a row carry each concept, of how many. */
async function countPixels(dataset: DenseDataset, row: Row, report: Report): Promise<{ pixels: Map<number, number>; of: number }> {
  const { height, width, whole, maps } = distinctLabels(await dataset.readLabels(row, report));
  const pixels = new Map<number, number>();
  for (const map of maps) {
    for (let start = 0, end = 0; start < map.length; start = end) {
      const code = map[start];
      while (end < map.length && map[end] === code) end++;
      if (code > 0) pixels.set(code - 1, (pixels.get(code - 1) ?? 0) + end - start);
    }
  }
  for (const concept of whole) pixels.set(concept, height * width);
  return { pixels, of: height * width };
}
