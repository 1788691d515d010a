import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { BRODEN_CATEGORIES, categoryOf, plainCategory } from '../../../core/category.ts';
import { DissectoryError } from '../../../core/errors.ts';

export interface TallyCategory {
  category: string;
  /** null where the tally names no concept (an empty label, or `-`). */
  label: string | null;
  intersection: number;
  union: number;
  activated: number;
  iou: number;
}

export interface TallyUnit {
  /** From 0. */
  index: number;
  /** In the order of the file's columns. */
  categories: TallyCategory[];
}

export interface PublishedTally {
  sha256: string;
  /** By index, none missing. */
  units: TallyUnit[];
}

/** Pixel counts are written as `4017464.0` by some versions. */
const pixels = z.coerce.number().nonnegative().refine(Number.isInteger, 'is not a whole number of pixels');

/**
 * Reads the tally.csv of NetDissect or NetDissect-Lite: one row a unit, `unit` from 1, for each category the best label
 * with truth, activation, intersect and iou = intersect / (truth + activation - intersect).
 *
 * @throws BAD_TALLY naming the line and what is wrong there
 */
export async function readTally(file: string): Promise<PublishedTally> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new DissectoryError('BAD_TALLY', `${file} cannot be read (${error.code}): name a tally.csv written by NetDissect.`);
  });
  const rows = parseRows(file, bytes);
  const categories = categoriesOf(Object.keys(rows[0] ?? {}));
  if (rows.length === 0 || categories.length === 0 || !Object.hasOwn(rows[0], 'unit')) {
    throw new DissectoryError(
      'BAD_TALLY',
      `${file} is not a tally.csv of NetDissect: it has no columns like unit, object-label, object-iou.`,
    );
  }
  const units = rows.map((row, i) => readRow(row, categories, `${file}, line ${i + 2}`)).sort((a, b) => a.index - b.index);
  const gap = units.findIndex(({ index }, place) => index !== place);
  if (gap >= 0) {
    throw new DissectoryError(
      'BAD_TALLY',
      `${file}: units must be 1 to ${units.length}, each once, but unit ${gap + 1} is missing or another stands twice.`,
    );
  }
  return { sha256: createHash('sha256').update(bytes).digest('hex'), units };
}

/** Broden's in their own order, then others in that of their columns. */
function categoriesOf(columns: readonly string[]): string[] {
  const named = columns.flatMap((column) => (column.endsWith('-label') ? [categoryOf(column.slice(0, -'-label'.length))] : []));
  const known = BRODEN_CATEGORIES.filter((category) => named.includes(category));
  return [...known, ...named.filter((category) => !BRODEN_CATEGORIES.some((one) => one === category))];
}

function parseRows(file: string, bytes: Buffer): Record<string, string>[] {
  try {
    return parse(bytes, { columns: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    throw new DissectoryError('BAD_TALLY', `${file} is not well-formed CSV: ${(error as Error).message}.`, { cause: error });
  }
}

function readRow(row: Record<string, string>, categories: string[], where: string): TallyUnit {
  const number = <T>(column: string, type: z.ZodType<T>): T => {
    const parsed = type.safeParse(row[column]);
    if (parsed.success) return parsed.data;
    throw new DissectoryError('BAD_TALLY', `${where}: ${column} is "${row[column] ?? ''}", which is not a number that belongs there.`);
  };
  const index = number('unit', z.coerce.number().int().positive()) - 1;
  return {
    index,
    categories: categories.map((category) => {
      const column = plainCategory(category);
      const truth = number(`${column}-truth`, pixels);
      const activated = number(`${column}-activation`, pixels);
      const intersection = number(`${column}-intersect`, pixels);
      const iou = number(`${column}-iou`, z.coerce.number().nonnegative());
      const union = truth + activated - intersection;
      if (Math.abs(iou - (union > 0 ? intersection / union : 0)) > 1e-6) {
        throw new DissectoryError('BAD_TALLY', `${where}: ${column}-iou is ${iou}, but its counts give ${intersection} / ${union}.`);
      }
      const label = row[`${column}-label`];
      return { category, label: label === '' || label === '-' ? null : label, intersection, union, activated, iou };
    }),
  };
}
