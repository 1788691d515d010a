import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import type { Image } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import { MOST_UPLOAD_BYTES, storeUpload } from '../../store/uploads.ts';
import { isImageName } from '../dataset/labelled/image-name.ts';

/**
 * Stores an image file, or all of a folder and those below it in alphabetical order, as images that were sent in. What
 * is stored already is found by its bytes.
 *
 * Throws BAD_IMAGE naming the file where one is no image or too large, BAD_INPUT where a folder holds none.
 */
export async function takeInFiles(store: Store, place: string): Promise<Image[]> {
  const isFolder = (await stat(place)).isDirectory();
  const names = isFolder ? await readdir(place, { recursive: true }) : [];
  const files = isFolder ? names.filter((name) => isImageName(path.basename(name))).sort() : [''];
  if (files.length === 0) throw new DissectoryError('BAD_INPUT', `There is no image in ${place}.`);
  const images: Image[] = [];
  for (const file of files) images.push(await takeIn(store, path.join(place, file)));
  return images;
}

async function takeIn(store: Store, file: string): Promise<Image> {
  const { size } = await stat(file);
  if (size > MOST_UPLOAD_BYTES) {
    const message = `${file} is too large (${(size / 1e6).toFixed(1)} MB): at most ${MOST_UPLOAD_BYTES / 1e6} MB are taken.`;
    throw new DissectoryError('BAD_IMAGE', message);
  }
  const bytes = await readFile(file);
  const { height, width } = await headerOf(bytes).catch((cause) => {
    throw new DissectoryError('BAD_IMAGE', `${file} is no readable image (${cause.message}).`, { cause });
  });
  return storeUpload(store, bytes, { name: path.basename(file), height, width });
}

async function headerOf(bytes: Uint8Array) {
  if (bytes.length === 0) throw new Error('it is empty');
  return sharp(bytes).metadata();
}
