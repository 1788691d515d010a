import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Category } from '../../prisma/generated/enums.ts';
import type { Row } from './broden.ts';
import { tableOf } from './category-name.ts';
import { refuse, whyUnreadable } from './fault.ts';

/** Enough to keep the file system busy; more would only hold memory. */
const ROWS_AT_ONCE = 64;

/**
 * sha256 (hex) of what a dataset is: the bytes of its CSV files, and the name and size of every image and label map that index.csv names.
 * The same wherever the folder lies and in whatever order its file system lists it; other files do not count.
 *
 * Throws BAD_DATASET where a file is missing.
 */
export async function fingerprint(root: string, categories: readonly Category[], rows: readonly Row[]): Promise<string> {
  const hash = createHash('sha256');
  const tables = ['index.csv', 'category.csv', 'label.csv', ...categories.map((category) => tableOf(category))];
  for (const file of tables) {
    hash.update(`${file}\0`);
    for await (const bytes of createReadStream(join(root, file))) hash.update(bytes);
  }
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const sizes = await Promise.all(rows.slice(start, start + ROWS_AT_ONCE).map((row) => sizesOf(root, row)));
    for (const text of sizes) hash.update(text);
  }
  return hash.digest('hex');
}

/** The files that a row names, below images/: the image first. */
export function filesOf(row: Row): string[] {
  return [row.file, ...[...row.labels.values()].flat().filter((entry) => typeof entry === 'string')];
}

async function sizesOf(root: string, row: Row): Promise<string> {
  const report = refuse(root);
  const sizes = filesOf(row).map(async (file) => {
    const place = { file: join('images', file), line: row.line };
    const found = await stat(join(root, place.file)).catch((error: unknown) => report({ ...place, message: whyUnreadable(error) }));
    return found.isFile() ? `${file}\0${found.size}\n` : report({ ...place, message: 'is not a file' });
  });
  return (await Promise.all(sizes)).join('');
}
