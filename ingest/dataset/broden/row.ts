import { posix } from 'node:path';
import type { DatasetFile, Row } from '../dataset.ts';

/** Pictures and label maps lie below it, and the paths of index.csv start from it. */
export const IMAGE_FOLDER = 'images';

/** A row of index.csv. A label is a number (of the whole image) or the path of a label map below images/. */
export interface BrodenRow extends Row {
  line: number;
  labels: ReadonlyMap<string, readonly (number | string)[]>;
}

/** The image first, then its label maps. */
export function filesOf(row: BrodenRow): DatasetFile[] {
  const maps = [...row.labels.values()].flat().filter((entry) => typeof entry === 'string');
  return [row.file, ...maps].map((file) => ({ file: posix.join(IMAGE_FOLDER, file), counts: 'size', row }));
}
