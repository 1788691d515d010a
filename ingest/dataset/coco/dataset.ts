import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ConceptList } from '../concept-list.ts';
import type { DenseDataset, Row } from '../dataset.ts';
import { type DatasetParts, denseDataset, rowOf } from '../dense-dataset.ts';
import type { Report } from '../fault.ts';
import { pictureFolder } from './annotation-files.ts';
import type { CocoId, CocoIndex } from './read-index.ts';

/** A picture with where its annotations stand. */
export interface CocoRow extends Row {
  imageId: CocoId;
  annotationFile: string;
  /** `start, length, ...` in `annotationFile`, in bytes. */
  places: readonly number[];
}

/** An annotation file that was read, and the part of the dataset that it is of. */
export interface CocoPart {
  index: CocoIndex;
  part: string;
}

/** Adds every category to the list, by their ids: the code of each. Reports one that two files call by two names. */
export function addCategories(parts: readonly CocoPart[], list: ConceptList, report: Report): Map<CocoId, number> {
  const names = new Map<CocoId, string>();
  for (const { file, categories } of parts.map(({ index }) => index)) {
    for (const [id, name] of categories) {
      const before = names.get(id) ?? name;
      const message = `is called "${name}" here and "${before}" in another file; use one name`;
      if (before !== name) report({ file, line: null, entry: `category ${id}`, message });
      names.set(id, before);
    }
  }
  const codes = new Map<CocoId, number>();
  for (const [id, name] of [...names].sort(([a], [b]) => Number(a) - Number(b) || (String(a) < String(b) ? -1 : 1))) {
    const index = list.add('OBJECT', name, typeof id === 'number' && Number.isInteger(id) ? id : undefined);
    if (index !== null) codes.set(id, index + 1);
  }
  return codes;
}

/** A dataset in COCO's layout, of one or more annotation files. Reports pictures that are missing. */
export function cocoDataset(
  of: Pick<DatasetParts<CocoRow>, 'format' | 'root' | 'list' | 'voidFor' | 'filesOf' | 'read'>,
  parts: readonly CocoPart[],
  report: Report,
): DenseDataset {
  const { root } = of;
  const folders = parts.map(({ index, part }) => pictureFolder(root, part, index.images[0]?.fileName));
  const isOne = parts.length === 1; // names then start from its folder of pictures
  const imageFolder = isOne ? folders[0] : '';
  const rows: CocoRow[] = [];
  for (const [i, { index, part }] of parts.entries()) {
    const split = /^(train|val|test)/.exec(part)?.[0] ?? '';
    for (const { id, fileName, height, width } of index.images) {
      const file = isOne ? fileName : posix.join(folders[i], fileName);
      const entry = `${index.file}, image ${id}`;
      if (!existsSync(join(root, imageFolder, file))) {
        report({ file: posix.join(imageFolder, file), line: null, entry, message: 'is missing; restore it, or remove the image' });
        continue;
      }
      const own = { imageId: id, annotationFile: index.file, places: index.annotations.get(id) ?? [] };
      rows.push({ ...rowOf(rows.length, file, { height, width }, { split, entry }), ...own });
    }
  }
  return denseDataset<CocoRow>({ ...of, imageFolder, tables: parts.map(({ index }) => index.file), rows });
}
