import { readFileSync } from 'node:fs';
import { whyUnreadable } from '../fault.ts';
import { decodeLabelPng, type LabelMap } from './label-png.ts';

/**
 * A label map read: `map` holds concept index + 1 (0: no label), rows then columns, and is null where nothing of it can
 * be used.
 */
export interface MapReading {
  map: Uint16Array | null;
  /** What is wrong with it, to be read after its name. */
  faults: string[];
}

/**
 * Reads one label map of the size given, each label number turned by `table` (65,536 entries, 0 for labels that the
 * category lacks, which `unknown` tells about).
 */
export function readMap(
  path: string,
  size: { height: number; width: number },
  table: Uint16Array,
  unknown: (number: number) => string,
): MapReading {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path); // a tenth of the processor time of a read that lets others run meanwhile, for files as small as these
  } catch (error) {
    return { map: null, faults: [whyUnreadable(error)] };
  }
  let png: LabelMap;
  try {
    png = decodeLabelPng(bytes);
  } catch (error) {
    return { map: null, faults: [`is no readable label map: ${error instanceof Error ? error.message : error}`] };
  }
  const { height, width, labels: map } = png;
  if (height !== size.height || width !== size.width) {
    const asked = `${size.height} x ${size.width} (sh x sw)`;
    return { map: null, faults: [`is ${height} x ${width} pixels (height x width) where its row says ${asked}; correct one of them`] };
  }
  const faults = new Map<number, string>();
  for (let i = 0; i < map.length; i++) {
    const number = map[i];
    const concept = table[number];
    if (concept === 0 && number !== 0 && !faults.has(number))
      faults.set(number, `row ${Math.floor(i / width)}, column ${i % width} (from 0): ${unknown(number)}`);
    map[i] = concept;
  }
  return { map, faults: [...faults.values()] };
}
