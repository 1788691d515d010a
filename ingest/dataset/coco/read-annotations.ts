import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Loose } from './read-index.ts';

/** Reads entries of a JSON file by where they stand. @param places start, length, start, length, ... in bytes */
export function readAnnotations(root: string, file: string, places: readonly number[]): Loose[] {
  if (places.length === 0) return [];
  const handle = openSync(join(root, file), 'r');
  try {
    return Array.from({ length: places.length / 2 }, (_, i) => {
      const bytes = Buffer.alloc(places[2 * i + 1]);
      readSync(handle, bytes, 0, bytes.length, places[2 * i]);
      return JSON.parse(bytes.toString('utf8'));
    });
  } finally {
    closeSync(handle);
  }
}
