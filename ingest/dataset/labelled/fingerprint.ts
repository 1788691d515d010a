import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { refuse, whyUnreadable } from '../fault.ts';

/** Enough to keep the file system busy. */
const AT_ONCE = 64;

/**
 * sha256 (hex) of what labelled images are: the name, class, split and size of every one, in their order. The same
 * wherever the folder lies.
 *
 * Throws BAD_DATASET where a file is missing.
 */
export async function labelledFingerprint(
  root: string,
  images: readonly { file: string; className: string; split: string }[],
): Promise<string> {
  const hash = createHash('sha256');
  const report = refuse(root);
  for (let from = 0; from < images.length; from += AT_ONCE) {
    const lines = images.slice(from, from + AT_ONCE).map(async ({ file, className, split }) => {
      const found = await stat(path.join(root, file)).catch((error) => report({ file, line: null, message: whyUnreadable(error) }));
      return [file, className, split, found.size, '\n'].join('\0');
    });
    for (const line of await Promise.all(lines)) hash.update(line);
  }
  return hash.digest('hex');
}
