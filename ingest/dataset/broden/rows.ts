import { plainCategory } from '../../../core/category.ts';
import { readCsv } from '../csv.ts';
import type { Report } from '../fault.ts';
import type { Catalogue } from './catalogue.ts';
import { tableOf } from './category-name.ts';
import type { BrodenRow } from './row.ts';

const INDEX = 'index.csv';
const SIZES = ['ih', 'iw', 'sh', 'sw'];

/**
 * Streams index.csv. Labels of the whole image are those of the catalogue; the label 0 ("none" in Broden) and empty
 * entries are left out.
 *
 * Reports a size that is no whole number above 0 and an image outside images/ (then leaves the row out), a label that
 * the category does not have and a map outside images/ (then leaves that out).
 */
export async function* readRows(root: string, catalogue: Catalogue, report: Report): AsyncGenerator<BrodenRow> {
  const { categories, concepts, labelNames } = catalogue;
  const known = new Set(concepts.map(({ category, number }) => `${category} ${number}`));
  const columns = ['image', 'split', ...SIZES, ...categories.map(plainCategory)];
  let index = 0;
  for await (const { line, fields } of readCsv(root, INDEX, columns, report)) {
    const fault = (message: string) => report({ file: INDEX, line, message });
    const sizes = SIZES.map((column) => parseSize(column, fields[column], fault));
    const file = parsePath(fields.image, fault);
    if (file === null || sizes.includes(null)) continue;
    const [height, width, maskHeight, maskWidth] = sizes.map(Number);
    const labels = new Map<string, (number | string)[]>();
    for (const category of categories) {
      const entries = fields[plainCategory(category)].split(';').filter((entry) => !/^0*$/.test(entry));
      const sound = entries.flatMap((entry) => {
        if (!/^\d+$/.test(entry)) return parsePath(entry, fault) ?? [];
        if (known.has(`${category} ${Number(entry)}`)) return Number(entry);
        fault(unknownLabel(Number(entry), category, labelNames));
        return [];
      });
      if (sound.length > 0) labels.set(category, sound);
    }
    const size = { height, width, maskHeight, maskWidth };
    yield { index: index++, line, entry: `${INDEX}, line ${line}`, file, split: fields.split, ...size, labels };
  }
  if (index === 0) report({ file: INDEX, line: null, message: 'lists no image' });
}

/** Tells whether label.csv knows a label that a category lacks: the cause is then another one. */
export function unknownLabel(number: number, category: string, labelNames: ReadonlyMap<number, string>): string {
  const name = labelNames.get(number);
  const known = name === undefined ? 'nor is it in label.csv' : `though label.csv knows it as "${name}"`;
  return `label ${number} is not in ${tableOf(category)}, ${known}; add it or correct the label`;
}

function parseSize(column: string, text: string, fault: (message: string) => void): number | null {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  fault(`"${text}" is not a size in pixels (column ${column}); it must be a whole number above 0`);
  return null;
}

/** A dataset comes from elsewhere: none of its paths may lead out of it. */
function parsePath(path: string, fault: (message: string) => void): string | null {
  if (path !== '' && !path.startsWith('/') && !path.split('/').includes('..')) return path;
  fault(`"${path}" is not the path of a file below images/`);
  return null;
}
