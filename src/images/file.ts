import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../prisma/errors.ts';
import type { DatasetRow, ImageRow } from '../rows.ts';

/** A dataset's image on disk. */
export interface ImageFile {
  path: string;
  /** Changes whenever the file does. */
  version: string;
}

/**
 * Finds an image's file. Nothing outside the dataset's images/ is ever opened, wherever names or links in it point.
 * Throws NOT_FOUND when the dataset has no folder, or the file is not there.
 */
export async function findImage(dataset: DatasetRow, image: ImageRow): Promise<ImageFile> {
  if (dataset.path === null)
    throw new DissectoryError('NOT_FOUND', `Dataset "${dataset.slug}" has no images: only published tallies refer to it.`);
  try {
    const root = await realpath(path.join(dataset.path, 'images'));
    const file = await realpath(path.join(root, image.file));
    if (!file.startsWith(root + path.sep)) throw missing(dataset, image);
    const { size, mtimeMs } = await stat(file);
    return { path: file, version: `${file} ${size} ${mtimeMs}` };
  } catch (error) {
    if (isAbsent(error)) throw missing(dataset, image);
    throw error;
  }
}

const missing = (dataset: DatasetRow, image: ImageRow) =>
  new DissectoryError(
    'NOT_FOUND',
    `Image "${image.file}" of dataset "${dataset.slug}" is not below the dataset's images/ folder any more. Put it back, or add the dataset again.`,
  );

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
