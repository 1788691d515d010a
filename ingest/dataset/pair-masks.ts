import { posix } from 'node:path';
import type { Report } from './fault.ts';
import { stemOf } from './list-files.ts';

/** A folder with the files below it. */
export interface Listed {
  folder: string;
  files: readonly string[];
}

/**
 * Pairs pictures with the label maps of the same name (folders within both trees included, endings not), in the order
 * of the pictures; both with their folders.
 *
 * Reports two pictures of one name, a map without its picture, and, unless `isOptional`, a picture without its map.
 *
 * @param nameMask a map's name by its picture's, both without endings, where they differ
 * @param namePicture the other way round
 */
export function pairMasks(
  pictures: Listed,
  masks: Listed,
  report: Report,
  { isOptional = false, nameMask = same, namePicture = same }: { isOptional?: boolean; nameMask?: Naming; namePicture?: Naming } = {},
): { file: string; mask: string }[] {
  const byStem = new Map(masks.files.map((file) => [stemOf(file), file]));
  const seen = new Map<string, string>();
  const pairs: { file: string; mask: string }[] = [];
  for (const name of pictures.files) {
    const stem = nameMask(stemOf(name));
    const file = posix.join(pictures.folder, name);
    const twin = seen.get(stem);
    const mask = byStem.get(stem);
    seen.set(stem, file);
    if (twin !== undefined) {
      const message = `has the name of ${twin}, so that their labels cannot be told apart; rename one of them`;
      report({ file, line: null, message });
    } else if (mask !== undefined) pairs.push({ file, mask: posix.join(masks.folder, mask) });
    else if (!isOptional) {
      const message = 'is missing; restore it, or remove the picture';
      report({ file: posix.join(masks.folder, `${stem}.png`), line: null, entry: file, message });
    }
  }
  for (const [stem, mask] of byStem) {
    if (seen.has(stem)) continue;
    const picture = `${posix.join(pictures.folder, namePicture(stem))}.jpg`;
    const message = `has no picture: ${picture}, or another ending, is missing; restore it, or remove the label map`;
    report({ file: posix.join(masks.folder, mask), line: null, message });
  }
  return pairs;
}

type Naming = (stem: string) => string;
const same: Naming = (stem) => stem;

/** The split that a path says, by the name of a folder in it. */
export function splitOf(file: string): string {
  return file.split('/').find((folder) => /^(train|val|test|training|validation|testing)(\d{4})?$/.test(folder)) ?? '';
}
