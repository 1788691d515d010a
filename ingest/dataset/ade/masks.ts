import { posix } from 'node:path';
import type { LabelReading } from '../assemble-labels.ts';
import { NONE, VOID } from '../codes.ts';
import type { ConceptList } from '../concept-list.ts';
import type { DatasetFile, Row } from '../dataset.ts';
import type { RowValues } from '../encodings/pixel-values.ts';
import type { Raster } from '../encodings/png.ts';
import type { Report } from '../fault.ts';
import { stemOf } from '../list-files.ts';
import { type MaskMeaning, readMask } from '../mask-dataset.ts';

/**
 * A picture of ADE20K's full sets: `NAME_seg.png` holds its objects, `NAME_parts_1.png` and so on the parts of each
 * level.
 */
export interface AdePicture {
  /** Path without its ending. */
  stem: string;
  file: string;
  seg: string;
  parts: readonly string[];
}

export type AdeRow = Row & AdePicture;

export const ADE_CATEGORIES = ['OBJECT', 'PART', 'SCENE'];

/**
 * Finds the pictures among files. Reports a segmentation without its picture, and a picture without its segmentation.
 */
export function findPictures(files: readonly string[], report: Report): AdePicture[] {
  const pictures = new Map(files.filter((file) => /\.jpe?g$/i.test(file)).map((file) => [stemOf(file), file]));
  const parts = new Map<string, string[]>();
  const segs = new Map<string, string>();
  for (const file of files) {
    const [, stem, level] = /^(.*)_(?:seg|parts_(\d+))\.png$/.exec(file) ?? [];
    if (stem === undefined) continue;
    if (level === undefined) segs.set(stem, file);
    else parts.set(stem, [...(parts.get(stem) ?? []), file]);
  }
  const found: AdePicture[] = [];
  for (const [stem, seg] of segs) {
    const file = pictures.get(stem);
    if (file !== undefined) found.push({ stem, file, seg, parts: parts.get(stem) ?? [] });
    else report({ file: `${stem}.jpg`, line: null, entry: seg, message: 'is missing; restore it, or remove its segmentation' });
  }
  for (const [stem, file] of pictures) {
    if (segs.has(stem)) continue;
    report({ file: `${stem}_seg.png`, line: null, entry: file, message: 'is missing; restore it, or remove the picture' });
  }
  if (segs.size === 0) report({ file: 'images', line: null, message: 'holds no NAME_seg.png' });
  return found;
}

export function filesOfPicture({ seg, parts }: AdePicture): Pick<DatasetFile, 'file' | 'counts'>[] {
  return [seg, ...parts].map((file) => ({ file, counts: 'size' }));
}

/** A picture's objects, and each level of its parts. @param named where class numbers get their names, for messages */
export function readAdeMasks(
  root: string,
  row: AdeRow,
  list: ConceptList,
  named: string,
  report: Report,
): Pick<LabelReading, 'layers' | 'codes'> {
  const meaning = (category: string, zero: number): MaskMeaning => ({
    valuesOf: classes,
    table: tableOf(list, category, zero),
    unknown: (number) => `class ${number} is named in no ${named}; restore its name, or correct the map`,
  });
  const objects = readMask(root, row.seg, row, meaning('OBJECT', VOID), report);
  const parts = row.parts.map((file) => readMask(root, file, row, meaning('PART', NONE), report));
  const maps = [objects, ...parts].filter((map) => map !== null);
  return { layers: maps.map(({ layer }) => layer), codes: new Set(maps.flatMap(({ codes }) => [...codes])) };
}

const tables = new WeakMap<ConceptList, Map<string, Map<number, number>>>();

/** Class number to code. @param zero what 0 means: an unlabelled pixel is void among objects, and no part */
function tableOf(list: ConceptList, category: string, zero: number): Map<number, number> {
  const made = tables.get(list) ?? new Map<string, Map<number, number>>();
  tables.set(list, made);
  const known = made.get(category);
  if (known) return known;
  const own = list.concepts.filter((concept) => concept.category === category);
  const table = new Map([[0, zero], ...own.map(({ number, index }) => [number, index + 1] as const)]);
  made.set(category, table);
  return table;
}

/** Class numbers: a tenth of red, rounded down, times 256, and green. */
function classes({ samples, channels, depth, width }: Raster): RowValues {
  if (channels < 3 || depth !== 8) throw new Error('holds no colours of 8 bits a channel');
  const row = new Int32Array(width);
  return (y) => {
    for (let x = 0, i = y * width * channels; x < width; x++, i += channels) row[x] = Math.floor(samples[i] / 10) * 256 + samples[i + 1];
    return row;
  };
}

/** The split that a path below images/ says. */
export const splitBelow = (file: string): string =>
  posix
    .dirname(file)
    .split('/')
    .find((folder) => /^(training|validation)$/.test(folder)) ?? '';
