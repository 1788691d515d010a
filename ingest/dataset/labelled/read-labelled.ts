import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { DissectoryError } from '../../../core/errors.ts';
import { refuse, whyUnreadable } from '../fault.ts';
import { labelledFingerprint } from './fingerprint.ts';
import type { Labelled, LabelledEntry, LabelledImage } from './labelled.ts';
import { listCsv } from './list-csv.ts';
import { listFolder } from './list-folder.ts';

/** Headers read at once. */
const AT_ONCE = 32;

/**
 * Reads which images a folder (`train/CLASS/`, `test/CLASS/`) or a CSV (path, class, split) names, and how large each
 * is.
 *
 * Throws BAD_DATASET where a file is missing or is no image, where there are fewer than two classes, or where a class
 * has no image to learn from.
 */
export async function readLabelled(place: string): Promise<Labelled> {
  const info = await stat(place).catch((cause) => {
    throw new DissectoryError('BAD_DATASET', `${place} cannot be opened (${cause.code ?? cause.message}). Check the path.`, { cause });
  });
  const root = info.isDirectory() ? place : path.dirname(place);
  const entries = info.isDirectory() ? await listFolder(place) : await listCsv(place);
  const classes = [...new Set(entries.map(({ className }) => className))].sort();
  if (classes.length < 2) {
    const message = `${place} names ${classes.length === 0 ? 'no images' : 'one class only'}: a classifier needs two classes or more.`;
    throw new DissectoryError('BAD_DATASET', message);
  }
  const learned = new Set(entries.filter(({ split }) => split === 'train').map(({ className }) => className));
  const unlearned = classes.filter((name) => !learned.has(name));
  if (unlearned.length > 0) {
    const message = `${place}: ${unlearned.join(', ')} ${unlearned.length === 1 ? 'has' : 'have'} no image in train, so nothing can be learnt of it.`;
    throw new DissectoryError('BAD_DATASET', message);
  }
  const places = new Map(classes.map((name, index) => [name, index]));
  const images: LabelledImage[] = [];
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const sized = entries.slice(from, from + AT_ONCE).map(async (entry, i): Promise<LabelledImage> => {
      const size = await readSize(root, entry, place);
      return { index: from + i, file: entry.file, split: entry.split, classIndex: places.get(entry.className) as number, ...size };
    });
    images.push(...(await Promise.all(sized)));
  }
  return { root, classes, images, sha256: await labelledFingerprint(root, entries) };
}

/** From the file's header. */
async function readSize(root: string, { file, line }: LabelledEntry, place: string): Promise<{ height: number; width: number }> {
  const where = line === null ? '' : ` (${path.basename(place)}, line ${line})`;
  const fault = (why: string) => refuse(root)({ file, line: null, message: `${why}${where}` });
  const bytes = await readFile(path.join(root, file)).catch((error) => fault(whyUnreadable(error)));
  try {
    if (bytes.length === 0) throw new Error('it is empty');
    const { height, width } = await sharp(bytes).metadata();
    return { height, width };
  } catch (error) {
    return fault(`is no readable image (${error instanceof Error ? error.message : error}); restore or remove it`);
  }
}
