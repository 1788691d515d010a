import path from 'node:path';
import { readCsv } from '../csv.ts';
import { refuse } from '../fault.ts';
import { type LabelledEntry, SPLITS, type Split } from './labelled.ts';

/**
 * Reads a CSV with the columns path (relative to the CSV's folder), class and split (train or test).
 *
 * Throws BAD_DATASET naming file and line at the first fault: a path that leads out of the folder or stands twice, a
 * split that is neither.
 */
export async function listCsv(file: string): Promise<LabelledEntry[]> {
  const [root, name] = [path.dirname(file), path.basename(file)];
  const report = refuse(root);
  const entries: LabelledEntry[] = [];
  const lines = new Map<string, number>();
  for await (const { line, fields } of readCsv(root, name, ['path', 'class', 'split'], report)) {
    const fault = (message: string) => report({ file: name, line, message });
    const image = path.posix.normalize(fields.path);
    if (fields.path === '' || path.posix.isAbsolute(image) || /^\.\.(\/|$)/.test(image))
      fault(`"${fields.path}" is not the path of a file below this folder`);
    const before = lines.get(image);
    if (before !== undefined) fault(`names ${image} again, as line ${before} does; remove one`);
    lines.set(image, line);
    if (fields.class === '') fault('names no class');
    entries.push({ file: image, className: fields.class, split: parseSplit(fields.split, fault), line });
  }
  return entries;
}

function parseSplit(text: string, fault: (message: string) => never): Split {
  return SPLITS.find((split) => split === text) ?? fault(`"${text}" is no split: write ${SPLITS.join(' or ')}`);
}
