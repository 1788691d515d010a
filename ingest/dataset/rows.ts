import type { Category } from '../../prisma/generated/enums.ts';
import type { Row } from './broden.ts';
import { type Catalogue, nameOnDisk } from './catalogue.ts';
import { readCsv } from './csv.ts';
import type { Report } from './fault.ts';

/**
 * Streams index.csv. Labels of the whole image are those of the catalogue; the label 0 ("none" in Broden) and empty entries are left out.
 *
 * Reports a size that is no whole number above 0 and a file outside images/ (then leaves the row out), and a label that the category does
 * not have (then leaves the label out).
 */
export async function* readRows(root: string, catalogue: Catalogue, report: Report): AsyncGenerator<Row> {
  const numbers = new Map<Category, Set<number>>(catalogue.categories.map((category) => [category, new Set()]));
  for (const { category, number } of catalogue.concepts) numbers.get(category)?.add(number);
  const columns = ['image', 'split', ...SIZES, ...catalogue.categories.map(nameOnDisk)];
  let index = 0;
  for await (const { line, fields } of readCsv(root, INDEX, columns, report)) {
    const fault = (message: string) => report({ file: INDEX, line, message });
    const [height, width, maskHeight, maskWidth] = SIZES.map((column) => {
      if (/^[1-9]\d*$/.test(fields[column])) return Number(fields[column]);
      fault(`"${fields[column]}" is not a size in pixels (column ${column}); it must be a whole number above 0`);
      return 0;
    });
    if (height * width * maskHeight * maskWidth === 0) continue;
    if (leavesImages(fields.image)) {
      fault(`"${fields.image}" is not the path of a file below images/`);
      continue;
    }
    const labels = new Map<Category, (number | string)[]>();
    for (const category of catalogue.categories) {
      const known = numbers.get(category);
      const entries: (number | string)[] = [];
      for (const entry of fields[nameOnDisk(category)].split(';')) {
        if (/^0*$/.test(entry)) continue;
        const number = /^\d+$/.test(entry) ? Number(entry) : null;
        if (number === null && leavesImages(entry)) fault(`"${entry}" is not the path of a file below images/`);
        else if (number !== null && !known?.has(number)) fault(unknownLabel(number, category, catalogue.labelNames));
        else entries.push(number ?? entry);
      }
      if (entries.length > 0) labels.set(category, entries);
    }
    yield { index: index++, line, file: fields.image, split: fields.split, height, width, maskHeight, maskWidth, labels };
  }
  if (index === 0) report({ file: INDEX, line: null, message: 'lists no image' });
}

/** Tells whether label.csv knows a label that a category lacks: the cause is then another one. */
export function unknownLabel(number: number, category: Category, labelNames: ReadonlyMap<number, string>): string {
  const name = labelNames.get(number);
  const known = name === undefined ? 'nor is it in label.csv' : `though label.csv knows it as "${name}"`;
  return `label ${number} is not in c_${nameOnDisk(category)}.csv, ${known}; add it or correct the label`;
}

const INDEX = 'index.csv';
const SIZES = ['ih', 'iw', 'sh', 'sw'];

function leavesImages(path: string): boolean {
  return path === '' || path.startsWith('/') || path.split('/').includes('..');
}
