import { join, posix } from 'node:path';
import type { ImageLabels } from '../../math/segmentation/labels.ts';
import type { Report } from '../fault.ts';
import type { Catalogue } from './catalogue.ts';
import { readMap } from './label-map.ts';
import { type BrodenRow, IMAGE_FOLDER } from './row.ts';
import { unknownLabel } from './rows.ts';

/**
 * Reads what an image is labelled with, label numbers turned into concept indices. A map that cannot be used is left
 * out, a label that is not known becomes 0.
 *
 * Reports a map that is missing or unreadable, is not maskHeight x maskWidth, or holds a label that its category lacks,
 * with index.csv's line.
 */
export async function readLabels(root: string, catalogue: Catalogue, row: BrodenRow, report: Report): Promise<ImageLabels> {
  const size = { height: row.maskHeight, width: row.maskWidth };
  const entries = catalogue.categories.flatMap((category, index) => {
    const table = tablesOf(catalogue)[index];
    const unknown = (number: number) => unknownLabel(number, category, catalogue.labelNames);
    return (row.labels.get(category) ?? []).map((entry) => ({ entry, index, table, unknown }));
  });
  const readings = entries.map(({ entry, table, unknown }) =>
    typeof entry === 'number' ? null : readMap(join(root, IMAGE_FOLDER, entry), size, table, unknown),
  );

  const whole = new Set<number>();
  const maps: Uint16Array[] = [];
  const present = new Set<number>();
  for (const [i, { entry, index, table }] of entries.entries()) {
    if (typeof entry === 'number') {
      whole.add(table[entry] - 1);
      present.add(index);
      continue;
    }
    const { map, faults } = readings[i] ?? { map: null, faults: [] };
    for (const message of faults) report({ file: posix.join(IMAGE_FOLDER, entry), line: row.line, entry: row.entry, message });
    if (map === null) continue;
    maps.push(map);
    if (map.some((concept) => concept > 0)) present.add(index);
  }
  return { ...size, present: [...present], whole: Int32Array.from(whole), maps, ignored: [] };
}

const tables = new WeakMap<Catalogue, Uint16Array[]>();

/** One a category: label number to concept index + 1, 0 where the category lacks the label. */
function tablesOf(catalogue: Catalogue): Uint16Array[] {
  const made = tables.get(catalogue);
  if (made) return made;
  const fresh = catalogue.categories.map((category) => {
    const table = new Uint16Array(65536);
    for (const concept of catalogue.concepts) if (concept.category === category) table[concept.number] = concept.index + 1;
    return table;
  });
  tables.set(catalogue, fresh);
  return fresh;
}
