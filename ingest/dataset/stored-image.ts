import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { imagesFolder, imageUrl } from '../../core/image-file.ts';
import type { Size } from '../../core/placement.ts';
import type { Dataset, Image, Resize } from '../../prisma/generated/client.ts';
import { headObject, readObject } from '../../store/objects/read.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Store } from '../../store/store.ts';
import { whyUnreadable } from './fault.ts';
import { fitImage } from './image.ts';
import { placed } from './placed-image.ts';

/** An image of the store, with what it takes to find its pixels. */
export type StoredImage = Pick<Image, 'id' | 'file' | 'height' | 'width'> & {
  dataset: Pick<Dataset, 'kind' | 'path' | 'slug' | 'imageFolder'>;
};

/** The image as the network wants it (see `placed`), wherever it lies. Throws BAD_IMAGE. */
export async function readStoredImage(store: Store, image: StoredImage, input: Size, resize: Resize): Promise<Uint8Array> {
  const bytes = await bytesOf(store, image);
  const shown = image.dataset.kind === 'BRODEN' ? image : undefined; // what people send in, and classes' images, are read as stored
  const fit = (height: number, width: number) =>
    fitImage(bytes, height, width, shown).catch((cause: Error) => {
      throw new DissectoryError('BAD_IMAGE', `${nameOf(image)} is no readable image (${cause.message}).`, { cause });
    });
  return placed(image, input, resize, fit);
}

async function bytesOf({ prisma }: Store, image: StoredImage): Promise<Uint8Array> {
  const { kind, path: folder, imageFolder } = image.dataset;
  if (kind === 'UPLOADS') return (await prisma.upload.findUniqueOrThrow({ where: { imageId: image.id } })).bytes;
  if (folder === null) throw new DissectoryError('BAD_IMAGE', `${nameOf(image)} is known by name only: its dataset has no folder.`);
  const place = { path: folder, imageFolder };
  if (isObjectUrl(folder)) return readObject(await headObject(imageUrl(place, image.file)));
  return readFile(path.join(imagesFolder(place), image.file)).catch((cause) => {
    throw new DissectoryError('BAD_IMAGE', `${nameOf(image)} ${whyUnreadable(cause)}.`, { cause });
  });
}

const nameOf = ({ file, dataset }: StoredImage) => `The image ${file} of dataset "${dataset.slug}"`;
