import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isImageName } from './labelled/image-name.ts';

/**
 * Every file below a folder of the dataset, from there on and with `/`, sorted; hidden ones and what macOS adds to
 * archives do not count.
 */
export async function listFiles(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (below: string) => {
    const entries = await readdir(path.join(root, folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (await isFolder(entry, path.join(root, folder, name))) await visit(name);
      else found.push(name);
    }
  };
  await visit('');
  return found.sort();
}

/** A link to a folder is one. */
export async function isFolder(entry: Dirent, at: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(at).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Those of `listFiles` that are pictures by their names. */
export async function listPictures(root: string, folder: string): Promise<string[]> {
  return (await listFiles(root, folder)).filter((file) => isImageName(path.posix.basename(file)));
}

/** A path without its extension. */
export function stemOf(file: string): string {
  return file.slice(0, file.length - path.posix.extname(file).length);
}
