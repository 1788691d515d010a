import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { type CodedMap, translate } from './codes.ts';
import type { DenseDataset, Row } from './dataset.ts';
import { type DatasetParts, denseDataset, rowOf } from './dense-dataset.ts';
import type { RowValues } from './encodings/pixel-values.ts';
import { decodePng, pngSize, type Raster } from './encodings/png.ts';
import { type Report, whyUnreadable } from './fault.ts';

/** What the values of a label map mean. */
export interface MaskMeaning {
  /** One value a pixel. Throws a plain Error, to be read after the file's name. */
  valuesOf(raster: Raster): RowValues;
  /** Value to code (codes.ts). */
  table: ReadonlyMap<number, number>;
  /** What is wrong with a value that the table lacks, and what to do. */
  unknown(value: number): string;
}

/** A picture with the label map that covers it. */
export interface MaskedPicture extends Pick<Row, 'split' | 'line'> {
  /** Below the folder of pictures. */
  file: string;
  /** Below the dataset's folder. */
  mask: string;
  /** What names the two; absent: the mask. */
  entry?: string;
  /** Concepts of the whole picture. */
  whole?: readonly number[];
}

type MaskRow = Row & Pick<MaskedPicture, 'mask' | 'whole'>;

type Common = Pick<DatasetParts<MaskRow>, 'format' | 'root' | 'imageFolder' | 'list' | 'voidFor' | 'tables'>;

/**
 * A dataset of one label map a picture, the map's size being the picture's. Reports maps that are missing or no PNG.
 */
export function maskDataset(common: Common, pictures: readonly MaskedPicture[], meaning: MaskMeaning, report: Report): DenseDataset {
  const rows: MaskRow[] = [];
  for (const { file, mask, split, line, entry, whole } of pictures) {
    const size = readPngSize(common.root, mask, entry ?? file, report);
    if (size !== null) rows.push({ ...rowOf(rows.length, file, size, { split, entry: entry ?? mask, line }), mask, whole });
  }
  return denseDataset<MaskRow>({
    ...common,
    rows,
    filesOf: ({ mask }) => [{ file: mask, counts: 'size' }],
    read: (row, told) => {
      const map = readMask(common.root, row.mask, row, meaning, told);
      return map === null ? { layers: [], whole: row.whole } : { layers: [map.layer], codes: map.codes, whole: row.whole };
    },
  });
}

/** Height and width by a PNG's header; null, with a report, where it has none. */
export function readPngSize(root: string, file: string, entry: string, report: Report): { height: number; width: number } | null {
  try {
    const bytes = Buffer.alloc(24);
    const handle = openSync(join(root, file), 'r');
    try {
      return pngSize(bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0)));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    report({ file, line: null, entry, message: 'code' in (error as Error) ? whyUnreadable(error) : (error as Error).message });
    return null;
  }
}

/** A label map, rows then columns; null, with a report, where it cannot be used. */
export function readMask(root: string, file: string, row: Row, meaning: MaskMeaning, report: Report): CodedMap | null {
  const raster = readRaster(root, file, row, report);
  if (raster === null) return null;
  const place = { file, line: row.line ?? null, ...(row.entry === file ? {} : { entry: row.entry }) };
  try {
    const { unknown, ...map } = translate(meaning.valuesOf(raster), raster.height, raster.width, meaning.table);
    for (const { value, row: y, column } of unknown)
      report({ ...place, message: `row ${y}, column ${column} (from 0): ${meaning.unknown(value)}` });
    return map;
  } catch (error) {
    if (error instanceof DissectoryError) throw error;
    report({ ...place, message: (error as Error).message });
    return null;
  }
}

/** A row's PNG, of the size of its labels; null, with a report, where it cannot be used. */
export function readRaster(root: string, file: string, row: Row, report: Report): Raster | null {
  const place = { file, line: row.line ?? null, ...(row.entry === file ? {} : { entry: row.entry }) };
  const raster = decoded(join(root, file));
  if (typeof raster === 'string') {
    report({ ...place, message: raster });
    return null;
  }
  const { height, width } = raster;
  if (height === row.maskHeight && width === row.maskWidth) return raster;
  const asked = `${row.maskHeight} x ${row.maskWidth}`;
  report({ ...place, message: `is ${height} x ${width} pixels (height x width) where its picture has ${asked}; correct one of them` });
  return null;
}

/** A PNG, or what is wrong with it. */
function decoded(path: string): Raster | string {
  try {
    return decodePng(readFileSync(path));
  } catch (error) {
    const why = error as Error & { syscall?: string };
    return why.syscall ? whyUnreadable(error) : `is no readable label map: it ${why.message}`;
  }
}
