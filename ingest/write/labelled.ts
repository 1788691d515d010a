import { copyRows } from '../../prisma/copy/rows.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import type { Store } from '../../prisma/store.ts';
import type { Labelled } from '../labelled/labelled.ts';
import { type Named, storeDataset } from './dataset.ts';

const IMAGE = {
  dataset_id: 'int4',
  index: 'int4',
  file: 'text',
  split: 'text',
  height: 'int4',
  width: 'int4',
  mask_height: 'int4',
  mask_width: 'int4',
  class_index: 'int4',
} as const;

/** Stores labelled images as `registerDataset` stores those of Broden. */
export function registerLabelled(store: Store, { classes, images, ...facts }: Labelled, named: Named): Promise<Dataset> {
  return storeDataset(store, { ...facts, kind: 'LABELLED', classes, imageCount: images.length }, named, async (client, dataset_id) => {
    const rows = images.map(({ classIndex: class_index, ...image }) => {
      return { ...image, class_index, dataset_id, mask_height: image.height, mask_width: image.width };
    });
    await copyRows(client, 'images', IMAGE, rows);
  });
}
