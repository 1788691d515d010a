import { type ClassLine, meaningOfClasses } from '../class-table.ts';
import { translate, VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import { matrixOf } from '../encodings/mat-matrix.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { pairMasks } from '../pair-masks.ts';
import { readSizes } from '../picture-size.ts';
import { readLines } from '../read-lines.ts';
import { readMatFile } from '../read-mat.ts';
import { turnColumns } from '../shapes/turn-columns.ts';

const LABELS = 'labels.txt';
const MAPS = 'trainval';

type ContextRow = Row & { map: string };

/**
 * Opens Pascal-Context: each trainval/NAME.mat holds a `LabelMap` of the numbers that labels.txt names. Other pictures
 * of VOC do not count.
 */
export async function openPascalContext(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const table = meaningOfClasses(LABELS, await readNames(root, report), list, 'OBJECT', (number) => `label ${number}`, report);
  if (!table.has(0)) table.set(0, VOID);
  const maps = { folder: MAPS, files: (await listFiles(root, MAPS)).filter((file) => file.endsWith('.mat')) };
  const pictures = { folder: 'JPEGImages', files: await listPictures(root, 'JPEGImages') };
  const pairs = pairMasks(pictures, maps, report, { isOptional: true });
  if (pairs.length === 0) report({ file: MAPS, line: null, message: 'holds no NAME.mat of a picture in JPEGImages' });
  const rows: ContextRow[] = [];
  for await (const { picture, size } of readSizes(root, pairs, report)) {
    const map = picture.mask;
    rows.push({ ...rowOf(rows.length, picture.file, size, { split: '', entry: map }), map });
  }
  return denseDataset<ContextRow>({
    format: 'pascal-context',
    root,
    imageFolder: '',
    list,
    voidFor: ['OBJECT'],
    tables: [LABELS],
    rows,
    filesOf: ({ map }) => [{ file: map, counts: 'size' }],
    read: (row, told) => {
      const numbers = readMatFile(root, row.map, row, (variables) => matrixOf(variables.get('LabelMap'), 'LabelMap', row), told);
      if (numbers === null) return { layers: [] };
      const { height, width } = row;
      const columnOf = (x: number) => numbers.subarray(x * height, (x + 1) * height);
      const { unknown, layer, codes } = translate(columnOf, width, height, table);
      for (const { value, row: column, column: y } of unknown) {
        const message = `row ${y}, column ${column} (from 0): label ${value} is not in ${LABELS}; add it there or correct the map`;
        told({ file: row.map, line: null, message });
      }
      return { layers: [turnColumns(layer, height, width)], codes };
    },
  });
}

/** Lines of `number: name`. */
async function readNames(root: string, report: Report): Promise<ClassLine[]> {
  const classes: ClassLine[] = [];
  for (const { line, text } of await readLines(root, LABELS, report)) {
    const [, number, name] = /^(\d+)\s*:\s*(.+)$/.exec(text) ?? [];
    if (number === undefined) report({ file: LABELS, line, message: `"${text}" is no label; write number: name` });
    else classes.push({ value: Number(number), name, line });
  }
  return classes;
}
