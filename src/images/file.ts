import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import { imagesFolder, imageUrl } from '../../core/image-file.ts';
import { isReadTurned } from '../../core/orientation.ts';
import type { Dataset, Image, PrismaClient } from '../../prisma/generated/client.ts';
import { headObject, readObject } from '../../store/objects/read.ts';
import { isObjectUrl } from '../../store/objects/url.ts';

/** Where an image's pixels are. */
export interface ImageSource {
  /** Changes whenever the pixels may. */
  version: string;
  /** The picture as networks see it: one of a densely labelled dataset is turned as its EXIF orientation says. */
  open(): Promise<Sharp>;
}

/**
 * Finds a dataset's image: a file, an object, or for uploads the bytes in the store. No file outside the dataset's
 * folder of images is ever opened, wherever names or links in it point. Throws NOT_FOUND when the dataset has no
 * folder, or the file is not there; of an object what `objectsError` names.
 */
export async function findImage(prisma: PrismaClient, dataset: Dataset, image: Image): Promise<ImageSource> {
  if (dataset.kind === 'UPLOADS') {
    const open = async () => sharp((await prisma.upload.findUniqueOrThrow({ where: { imageId: image.id } })).bytes);
    return { version: `sha256 ${image.sha256}`, open };
  }
  if (dataset.path === null)
    throw new DissectoryError('NOT_FOUND', `Dataset "${dataset.slug}" has no images: only published tallies refer to it.`);
  const place = { path: dataset.path, imageFolder: dataset.imageFolder };
  if (isObjectUrl(place.path)) return findObject(imageUrl(place, image.file), dataset, image);
  try {
    const root = await realpath(imagesFolder(place));
    const file = await realpath(path.join(root, image.file));
    if (!file.startsWith(root + path.sep)) throw missing(dataset, image);
    const { size, mtimeMs } = await stat(file);
    return { version: `${file} ${size} ${mtimeMs}`, open: () => opened(file, dataset, image) };
  } catch (error) {
    if (isAbsent(error)) throw missing(dataset, image);
    throw error;
  }
}

async function findObject(url: string, dataset: Dataset, image: Image): Promise<ImageSource> {
  const object = await headObject(url);
  return { version: `${url} ${object.etag}`, open: async () => opened(await readObject(object), dataset, image) };
}

/** @param input a path, or the bytes of a file */
async function opened(input: string | Uint8Array, { kind }: Dataset, image: Image): Promise<Sharp> {
  const autoOrient = kind === 'BRODEN' && isReadTurned(await sharp(input).metadata(), image);
  return sharp(input, { autoOrient });
}

const missing = (dataset: Dataset, image: Image) =>
  new DissectoryError(
    'NOT_FOUND',
    `Image "${image.file}" of dataset "${dataset.slug}" is not below the dataset's folder of images any more. Put it back, or add the dataset again.`,
  );

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
