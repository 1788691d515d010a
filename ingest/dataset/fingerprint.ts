import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetFile, DenseDataset } from './dataset.ts';
import { refuse, whyUnreadable } from './fault.ts';

/** Enough to keep the file system busy; more would only hold memory. */
const AT_ONCE = 256;

/**
 * sha256 (hex) of what a dataset is: the bytes of its tables, and the name and size of every picture and label map. The
 * same wherever the folder lies and in whatever order its file system lists it; other files do not count.
 *
 * Throws BAD_DATASET where a file is missing.
 */
export async function fingerprint({ root, imageFolder, files }: Pick<DenseDataset, 'root' | 'imageFolder' | 'files'>): Promise<string> {
  const hash = createHash('sha256');
  let sized: DatasetFile[] = [];
  const takeSizes = async () => {
    for (const line of await Promise.all(sized.map((file) => sizeOf(root, imageFolder, file)))) hash.update(line);
    sized = [];
  };
  for (const file of files()) {
    if (file.counts === 'size') sized.push(file);
    if (sized.length === AT_ONCE || file.counts === 'bytes') await takeSizes();
    if (file.counts === 'bytes') await takeBytes(hash, root, file);
  }
  await takeSizes();
  return hash.digest('hex');
}

async function takeBytes(hash: Hash, root: string, { file, row }: DatasetFile): Promise<void> {
  hash.update(`${file}\0`);
  try {
    for await (const bytes of createReadStream(join(root, file))) hash.update(bytes);
  } catch (error) {
    refuse(root)({ file, ...placeOf(row), message: whyUnreadable(error) });
  }
}

/** A name counts from the folder of pictures on. */
async function sizeOf(root: string, imageFolder: string, { file, row }: DatasetFile): Promise<string> {
  const report = refuse(root);
  const place = { file, ...placeOf(row) };
  const found = await stat(join(root, file)).catch((error: unknown) => report({ ...place, message: whyUnreadable(error) }));
  if (!found.isFile()) report({ ...place, message: 'is not a file' });
  const name = imageFolder !== '' && file.startsWith(`${imageFolder}/`) ? file.slice(imageFolder.length + 1) : file;
  return `${name}\0${found.size}\n`;
}

const placeOf = (row: DatasetFile['row']) => (row === null ? { line: null } : { line: row.line ?? null, entry: row.entry });
