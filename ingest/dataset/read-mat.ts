import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './dataset.ts';
import { type MatArray, readMat } from './encodings/mat.ts';
import { type Report, whyUnreadable } from './fault.ts';

/** What `take` makes of a MAT file's variables; null, with a report, where it is no such file or `take` throws. */
export function readMatFile<T>(
  root: string,
  file: string,
  row: Pick<Row, 'entry' | 'line'> | null,
  take: (variables: ReadonlyMap<string, MatArray>) => T,
  report: Report,
): T | null {
  try {
    return take(readMat(readFileSync(join(root, file))));
  } catch (error) {
    const why = error as Error & { code?: string };
    const message = why.code === 'ENOENT' ? whyUnreadable(error) : `is no MAT file that can be read: ${why.message}`;
    report({ file, line: null, ...(row === null || row.entry === file ? {} : { entry: row.entry }), message });
    return null;
  }
}
