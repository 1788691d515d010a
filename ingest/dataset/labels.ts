import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Category } from '../../prisma/generated/enums.ts';
import type { Broden, ImageLabels, Row } from './broden.ts';
import type { Catalogue } from './catalogue.ts';
import { type Report, refuse, whyUnreadable } from './fault.ts';
import { decodeLabelPng } from './png.ts';
import { unknownLabel } from './rows.ts';

/**
 * Reads what an image is labelled with, label numbers turned into concept indices.
 *
 * Throws BAD_DATASET naming the map and index.csv's line where a map is missing or unreadable, is not maskHeight x maskWidth, or holds a
 * label that its category lacks.
 */
export function readLabels(broden: Broden, row: Row): Promise<ImageLabels> {
  return decodeLabels(broden.root, broden, row, refuse(broden.root));
}

/** `readLabels`, its faults reported: a map that cannot be used is then left out, a label that is not known becomes 0. */
export async function decodeLabels(root: string, catalogue: Catalogue, row: Row, report: Report): Promise<ImageLabels> {
  const whole = new Set<number>();
  let present = 0;
  const readings: Promise<{ bit: number; map: Uint16Array } | null>[] = [];
  for (const [index, category] of catalogue.categories.entries()) {
    const bit = 1 << index;
    const table = tablesOf(catalogue)[index];
    for (const entry of row.labels.get(category) ?? []) {
      if (typeof entry === 'number') {
        whole.add(table[entry] - 1);
        present |= bit;
      } else {
        const faultOfMap = (message: string) => report({ file: join('images', entry), line: row.line, message });
        const unknown = (number: number) => unknownLabel(number, category, catalogue.labelNames);
        readings.push(readMap(join(root, 'images', entry), row, table, unknown, faultOfMap).then((map) => map && { bit, map }));
      }
    }
  }
  const maps: Uint16Array[] = [];
  for (const reading of await Promise.all(readings)) {
    if (reading === null) continue;
    maps.push(reading.map);
    if (reading.map.some((concept) => concept > 0)) present |= reading.bit;
  }
  return { height: row.maskHeight, width: row.maskWidth, present, whole: Int32Array.from(whole), maps };
}

const tables = new WeakMap<Catalogue, Uint16Array[]>();

/** One a category: label number to concept index + 1, 0 where the category lacks the label. */
function tablesOf(catalogue: Catalogue): Uint16Array[] {
  const made = tables.get(catalogue);
  if (made) return made;
  const fresh = catalogue.categories.map((category: Category) => {
    const table = new Uint16Array(65536);
    for (const concept of catalogue.concepts) if (concept.category === category) table[concept.number] = concept.index + 1;
    return table;
  });
  tables.set(catalogue, fresh);
  return fresh;
}

/** One label map as concept index + 1; null after a fault that spoils all of it. */
async function readMap(
  path: string,
  { maskHeight, maskWidth }: Row,
  table: Uint16Array,
  unknown: (number: number) => string,
  fault: (message: string) => void,
): Promise<Uint16Array | null> {
  const bytes = await readFile(path).catch((error: unknown) => fault(whyUnreadable(error)));
  if (!bytes) return null;
  const png = await decodeLabelPng(bytes).catch((error: unknown) =>
    fault(`is no readable label map: ${error instanceof Error ? error.message : String(error)}`),
  );
  if (!png) return null;
  const { height, width, labels } = png;
  if (height !== maskHeight || width !== maskWidth) {
    fault(`is ${height} x ${width} pixels (height x width) where its row says ${maskHeight} x ${maskWidth} (sh x sw); correct one of them`);
    return null;
  }
  const told = new Set<number>();
  for (let i = 0; i < labels.length; i++) {
    const number = labels[i];
    const concept = table[number];
    if (concept === 0 && number !== 0 && !told.has(number)) {
      told.add(number);
      fault(`row ${Math.floor(i / width)}, column ${i % width} (from 0): ${unknown(number)}`);
    }
    labels[i] = concept;
  }
  return labels;
}
