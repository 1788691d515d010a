import type { Report } from '../fault.ts';
import { listFiles, listPictures, stemOf } from '../list-files.ts';
import type { MaskedPicture } from '../mask-dataset.ts';
import { readLines } from '../read-lines.ts';

export const LISTS = 'ImageSets/Segmentation';

/**
 * The pictures that the lists of ImageSets/Segmentation name, in alphabetical order, each with its map in
 * SegmentationClass. One of train.txt or val.txt is of that split; a picture that no list names does not belong to the
 * set.
 *
 * Reports a list with a name twice, and a picture that is missing.
 */
export async function listedPictures(root: string, report: Report): Promise<{ pictures: MaskedPicture[]; tables: string[] }> {
  const lists = (await listFiles(root, LISTS)).filter((file) => file.endsWith('.txt'));
  const files = new Map((await listPictures(root, 'JPEGImages')).map((file) => [stemOf(file), file]));
  const found = new Map<string, { entry: string; line: number; split: string }>();
  if (lists.length === 0) report({ file: `${LISTS}/trainval.txt`, line: null, message: 'is missing, as is any other list of pictures' });
  const masks = new Set((await listFiles(root, 'SegmentationClass')).map(stemOf));
  for (const list of lists) {
    const own = new Map<string, number>();
    const lines = await readLines(root, `${LISTS}/${list}`, report);
    // The labels of a test set may be held back
    if (list === 'test.txt' && !lines.some(({ text }) => masks.has(text))) continue;
    for (const { line, text } of lines) {
      const before = own.get(text);
      if (before !== undefined)
        report({ file: `${LISTS}/${list}`, line, message: `lists ${text} again (first on line ${before}); remove one line` });
      own.set(text, line);
      const split = /^(train|val|test)\.txt$/.exec(list)?.[1] ?? found.get(text)?.split ?? '';
      found.set(text, { entry: `${LISTS}/${list} line ${line}`, line, split });
    }
  }
  const pictures: MaskedPicture[] = [];
  for (const [name, { entry, line, split }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = files.get(name);
    const mask = `SegmentationClass/${name}.png`;
    if (file !== undefined) pictures.push({ file: `JPEGImages/${file}`, mask, split, entry: `${mask}, ${entry}`, line });
    else report({ file: `JPEGImages/${name}.jpg`, line, entry, message: 'is missing; restore it, or remove it from the list' });
  }
  return { pictures, tables: lists.map((list) => `${LISTS}/${list}`) };
}
