import type { Store } from '../../store/store.ts';
import type { DenseDataset, Row } from '../dataset/dataset.ts';
import { addLooks, emptyLooks, type Looks } from '../dataset/index/looks.ts';
import { patternsOf } from '../dataset/index/patterns.ts';
import { distinctLabels } from '../math/segmentation/labels.ts';
import { openDataset } from '../registered/registered.ts';
import { isIndexed, writeIndex } from '../write/dataset-index.ts';

/** Images read at once, ahead of the counting. */
const AT_ONCE = 16;

/**
 * Writes down which images hold each concept of a registered dataset, and what its pixels look like; once for each
 * dataset.
 *
 * @param onProgress images read so far, of all
 * @returns false where it was written already
 * @throws NOT_FOUND, BAD_DATASET, BAD_IMAGE
 */
export async function indexDataset(store: Store, slug: string, onProgress: (images: number, of: number) => void): Promise<boolean> {
  const { dataset, dense } = await openDataset(store, slug);
  if (await isIndexed(store, dataset.id)) return false;
  const looks = emptyLooks(dense.concepts.map(({ category }) => category === 'COLOR'));
  const images: Map<number, number>[] = [];
  for (let from = 0; from < dense.rows.length; from += AT_ONCE) {
    const rows = dense.rows.slice(from, from + AT_ONCE);
    images.push(...(await Promise.all(rows.map((row) => addRow(dense, row, looks)))));
    onProgress(images.length, dense.rows.length);
  }
  await writeIndex(store, dataset.id, dense, images, looks);
  return true;
}

async function addRow(dense: DenseDataset, row: Row, looks: Looks): Promise<Map<number, number>> {
  const { height, width } = row;
  const [labels, pixels] = await Promise.all([dense.readLabels(row), dense.readImage(row, height, width)]);
  return addLooks(looks, distinctLabels(labels), patternsOf(pixels, height, width), height, width);
}
