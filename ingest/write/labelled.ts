import type { Dataset } from '../../prisma/generated/client.ts';
import { copyRows } from '../../store/copy/rows.ts';
import type { Store } from '../../store/store.ts';
import type { Labelled } from '../dataset/labelled/labelled.ts';
import { IMAGE_COLUMNS, type Named, storeDataset } from './dataset.ts';

const CLASSED_IMAGE_COLUMNS = { ...IMAGE_COLUMNS, class_index: 'int4' } as const;

/** Stores labelled images as `registerDataset` stores those of Broden. */
export function registerLabelled(store: Store, { classes, images, ...facts }: Labelled, named: Named): Promise<Dataset> {
  const stored = { ...facts, kind: 'LABELLED', format: null, imageFolder: '', classes, imageCount: images.length } as const;
  return storeDataset(store, stored, named, async (client, dataset_id) => {
    const rows = images.map(({ classIndex: class_index, ...image }) => {
      return { ...image, class_index, dataset_id, mask_height: image.height, mask_width: image.width };
    });
    await copyRows(client, 'images', CLASSED_IMAGE_COLUMNS, rows);
  });
}
