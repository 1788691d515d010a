import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import { isImageName } from './image-name.ts';
import { type LabelledEntry, SPLITS } from './labelled.ts';

/**
 * Lists `train/CLASS/` and `test/CLASS/`, in alphabetical order. Files that are no images by their names, and hidden
 * ones, do not count.
 *
 * Throws BAD_DATASET where one of the two is missing.
 */
export async function listFolder(root: string): Promise<LabelledEntry[]> {
  const entries: LabelledEntry[] = [];
  for (const split of SPLITS) {
    for (const className of await namesIn(root, split, 'isDirectory')) {
      const files = await namesIn(root, path.posix.join(split, className), 'isFile');
      const images = files.filter(isImageName);
      entries.push(...images.map((name) => ({ file: path.posix.join(split, className, name), className, split, line: null })));
    }
  }
  return entries;
}

async function namesIn(root: string, folder: string, kind: 'isDirectory' | 'isFile'): Promise<string[]> {
  const found = await readdir(path.join(root, folder), { withFileTypes: true }).catch((cause) => {
    const message = `${path.join(root, folder)} cannot be read (${cause.code ?? cause.message}): labelled images lie in train/CLASS/ and test/CLASS/, or are named in a CSV.`;
    throw new DissectoryError('BAD_DATASET', message, { cause });
  });
  return found
    .filter((entry) => entry[kind]() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}
