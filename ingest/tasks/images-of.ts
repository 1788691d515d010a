import { existsSync } from 'node:fs';
import { DissectoryError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';
import { openLabelled } from '../dataset/labelled/open-labelled.ts';
import type { StoredImage } from '../dataset/stored-image.ts';
import { openDataset } from '../registered/registered.ts';
import { takeInFiles } from './take-in-files.ts';

/**
 * The images of a place: an image file, a folder of them (both are taken into the store), or the slug of a dataset.
 *
 * @throws NOT_FOUND where it is none of these, BAD_DATASET where a dataset's files changed since it was registered,
 * BAD_IMAGE
 */
export async function imagesOf(store: Store, place: string): Promise<(StoredImage & { className: string | null })[]> {
  const taken = existsSync(place) ? (await takeInFiles(store, place)).map(({ id }) => id) : null;
  if (!taken) await requireUnchanged(store, place);
  const found = await store.prisma.image.findMany({
    where: taken ? { id: { in: taken } } : { dataset: { slug: place } },
    include: { dataset: true },
    orderBy: [{ datasetId: 'asc' }, { index: 'asc' }],
  });
  if (found.length === 0)
    throw new DissectoryError('NOT_FOUND', `"${place}" is neither an image, nor a folder, nor a dataset with images.`);
  return found.map((image) => ({ ...image, className: image.classIndex === null ? null : image.dataset.classes[image.classIndex] }));
}

/** Throws BAD_DATASET where the files of a dataset are not those that were registered. */
async function requireUnchanged(store: Store, slug: string): Promise<void> {
  const dataset = await store.prisma.dataset.findUnique({ where: { slug } });
  if (dataset?.kind === 'BRODEN') await openDataset(store, slug);
  if (dataset?.kind === 'LABELLED') await openLabelled(store, slug);
}
