import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Concept, DenseDataset } from '../dataset.ts';
import type { Report } from '../fault.ts';
import { readLines } from '../read-lines.ts';
import { type LabelledPicture, wholeImages } from './whole-images.ts';

export const JOINT = 'labels/labels_joint_anno.txt';
/** The first of DTD's ten divisions. */
const SPLITS = { train: 'labels/train1.txt', val: 'labels/val1.txt', test: 'labels/test1.txt' };

/** Opens the Describable Textures Dataset: a line names a picture and all its classes. */
export async function openTextures(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const splits = new Map<string, string>();
  const tables = [JOINT];
  for (const [split, file] of Object.entries(SPLITS)) {
    if (!existsSync(join(root, file))) continue;
    tables.push(file);
    for (const { text } of await readLines(root, file, report)) splits.set(text, split);
  }
  const seen = new Map<string, number>();
  const pictures: LabelledPicture[] = [];
  for (const { line, text } of await readLines(root, JOINT, report)) {
    const [file, ...classes] = text.split(/\s+/);
    const before = seen.get(file);
    if (before !== undefined) report({ file: JOINT, line, message: `lists ${file} again (first on line ${before}); remove one line` });
    if (classes.length === 0) report({ file: JOINT, line, message: `"${text}" names no class` });
    if (file.split('/').includes('..') || file.startsWith('/'))
      report({ file: JOINT, line, message: `"${file}" is no path below images/` });
    seen.set(file, line);
    pictures.push({ file: `images/${file}`, split: splits.get(file) ?? '', entry: `${JOINT}, line ${line}`, line, classes });
  }
  if (pictures.length === 0) report({ file: JOINT, line: null, message: 'lists no picture' });
  return wholeImages('textures', root, tables, pictures, report, known);
}
