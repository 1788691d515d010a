import { distinctLabels } from '../math/segmentation/labels.ts';
import type { Concept, DenseDataset, Row } from './dataset.ts';
import { refuse } from './fault.ts';
import { checkPicture } from './image.ts';

/** Enough to keep a few cores and a disk busy, few enough to hold in memory at any image size. */
const ROWS_AT_ONCE = 16;

/**
 * Reads all labels of a dataset, and looks at every picture, once: the concepts that its pictures show, in their order, with how many images
 * carry each and the sum over images of the fraction of pixels that do.
 *
 * Throws BAD_DATASET naming file and entry at the first fault, or where no label is found.
 *
 * @param onProgress rows read so far, of all
 */
export async function surveyDataset(dataset: DenseDataset, onProgress: (done: number, total: number) => void): Promise<Concept[]> {
  const { root, rows, concepts } = dataset;
  const report = refuse(root);
  const frequency = new Map<number, number>();
  const coverage = new Map<number, number>();
  const add = (counts: Map<number, number>, concept: number, more: number) => counts.set(concept, (counts.get(concept) ?? 0) + more);
  const surveyRow = async (row: Row) => {
    await checkPicture(dataset, row, report);
    return countPixels(dataset, row);
  };
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    for (const { pixels, of } of await Promise.all(rows.slice(from, from + ROWS_AT_ONCE).map(surveyRow))) {
      for (const [concept, count] of pixels) {
        add(frequency, concept, 1);
        add(coverage, concept, count / of);
      }
    }
    onProgress(Math.min(from + ROWS_AT_ONCE, rows.length), rows.length);
  }
  const shown = concepts.filter(({ index }) => frequency.has(index));
  if (shown.length === 0) return report({ file: '.', line: null, message: `has ${rows.length} pictures, none with a label` });
  return shown.map((concept, index) => ({
    ...concept,
    index,
    frequency: frequency.get(concept.index) ?? 0,
    coverage: coverage.get(concept.index) ?? 0,
  }));
}

/** How many pixels of a row carry each concept, of how many. */
async function countPixels(dataset: DenseDataset, row: Row): Promise<{ pixels: Map<number, number>; of: number }> {
  const { height, width, whole, maps } = distinctLabels(await dataset.readLabels(row));
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
