import { join } from 'node:path';
import type { ImageLabels } from '../math/segmentation/labels.ts';
import type { Broden, Row } from './broden.ts';
import type { Catalogue } from './catalogue.ts';
import { type Report, refuse } from './fault.ts';
import { readMap } from './label-map.ts';
import { unknownLabel } from './rows.ts';

/**
 * Reads what an image is labelled with, label numbers turned into concept indices.
 *
 * Throws BAD_DATASET naming the map and index.csv's line where a map is missing or unreadable, is not maskHeight x maskWidth, or holds a
 * label that its category lacks.
 */
export function readLabels(broden: Omit<Broden, 'rows' | 'sha256'>, row: Row): Promise<ImageLabels> {
  return decodeLabels(broden.root, broden, row, refuse(broden.root));
}

/** `readLabels`, its faults reported: a map that cannot be used is then left out, a label that is not known becomes 0. */
export async function decodeLabels(root: string, catalogue: Catalogue, row: Row, report: Report): Promise<ImageLabels> {
  const size = { height: row.maskHeight, width: row.maskWidth };
  const entries = catalogue.categories.flatMap((category, index) => {
    const table = tablesOf(catalogue)[index];
    const unknown = (number: number) => unknownLabel(number, category, catalogue.labelNames);
    return (row.labels.get(category) ?? []).map((entry) => ({ entry, bit: 1 << index, table, unknown }));
  });
  const readings = await Promise.all(
    entries.map(({ entry, table, unknown }) =>
      typeof entry === 'number' ? null : readMap(join(root, 'images', entry), size, table, unknown),
    ),
  );

  const whole = new Set<number>();
  const maps: Uint16Array[] = [];
  let present = 0;
  for (const [i, { entry, bit, table }] of entries.entries()) {
    if (typeof entry === 'number') {
      whole.add(table[entry] - 1);
      present |= bit;
      continue;
    }
    const { map, faults } = readings[i] ?? { map: null, faults: [] };
    for (const message of faults) report({ file: join('images', entry), line: row.line, message });
    if (map === null) continue;
    maps.push(map);
    if (map.some((concept) => concept > 0)) present |= bit;
  }
  return { ...size, present, whole: Int32Array.from(whole), maps };
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
