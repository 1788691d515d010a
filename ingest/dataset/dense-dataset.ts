import { posix } from 'node:path';
import { assembleLabels, type LabelReading } from './assemble-labels.ts';
import type { ConceptList } from './concept-list.ts';
import type { DatasetFile, DenseDataset, Row } from './dataset.ts';
import { type Report, refuse } from './fault.ts';
import { readImage } from './image.ts';

/** What differs from format to format; `denseDataset` adds what is common to all but Broden. */
export interface DatasetParts<R extends Row> {
  format: string;
  root: string;
  imageFolder: string;
  list: ConceptList;
  /** Categories that void pixels are ignored by: those that the format labels pixel by pixel. */
  voidFor: readonly string[];
  /** Files below `root` that count in every byte. */
  tables: readonly string[];
  rows: readonly R[];
  /** What a row is made of beside its picture. */
  filesOf(row: R): readonly Pick<DatasetFile, 'file' | 'counts'>[];
  /** Reads a row's labels. What is unsound is reported, and left out. */
  read(row: R, report: Report): LabelReading | Promise<LabelReading>;
}

export function denseDataset<R extends Row>(parts: DatasetParts<R>): DenseDataset {
  const { format, root, imageFolder, list, voidFor, tables, rows, filesOf, read } = parts;
  const places = voidFor.map((category) => list.categories.indexOf(category));
  return {
    format,
    root,
    imageFolder,
    categories: list.categories,
    concepts: list.concepts,
    rows,
    labelNames: new Map(list.concepts.map(({ number, name }) => [number, name])),
    *files(): Iterable<DatasetFile> {
      for (const file of tables) yield { file, counts: 'bytes', row: null };
      for (const row of rows) {
        yield { file: posix.join(imageFolder, row.file), counts: 'size', row };
        for (const file of filesOf(row)) yield { ...file, row };
      }
    },
    readImage: (row, height, width) => readImage({ root, imageFolder }, row, height, width),
    readLabels: async (row, report = refuse(root)) => {
      const size = { height: row.maskHeight, width: row.maskWidth };
      return assembleLabels(size, list, await read(rows[row.index], report), places);
    },
  };
}

/** A row whose labels have the size of its picture. */
export function rowOf(
  index: number,
  file: string,
  { height, width }: { height: number; width: number },
  more: Pick<Row, 'split' | 'entry' | 'line'>,
): Row {
  return { index, file, height, width, maskHeight: height, maskWidth: width, ...more };
}
