import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { isUtf16, requireText, TextFault } from '../../core/text.ts';
import { type Fault, type Report, whyUnreadable } from './fault.ts';

/** A line of a CSV file with a header. `fields` has at least the columns asked for. */
export interface CsvLine<Column extends string> {
  /** 1-based line of the file. */
  line: number;
  fields: Readonly<Record<Column, string>>;
}

/**
 * Streams a CSV file (UTF-8, or UTF-16 with a byte order mark; lines end with LF, CR LF or CR; columns in any order)
 * line by line. Spaces around a value do not count.
 *
 * Reports an unreadable file, a column that is missing or stands twice (then gives no line at all), a line with fewer
 * or more fields than the header (then leaves it out) and broken quoting, bytes that are not UTF-8 and a NUL (then
 * stops there).
 */
export async function* readCsv<Column extends string>(
  root: string,
  file: string,
  columns: readonly Column[],
  report: Report,
): AsyncGenerator<CsvLine<Column>> {
  let header: readonly string[] | null = null;
  for await (const item of records(root, file)) {
    if ('message' in item) return report(item);
    const { line, record } = item;
    if (header === null) {
      header = record;
      const message = headerFault(header, columns);
      if (message !== null) return report({ file, line, message });
    } else if (record.length !== header.length) {
      const message = `has ${record.length} fields where the header has ${header.length}; restore the missing ones or remove the extra ones`;
      report({ file, line, message });
    } else {
      const names: readonly string[] = header;
      yield { line, fields: Object.fromEntries(record.map((value, i) => [names[i], value])) as Record<Column, string> };
    }
  }
  if (header === null) report({ file, line: null, message: `is empty; its first line must name the columns ${columns.join(',')}` });
}

/** The file's records, the header first; ends with a fault where the file cannot be read on. */
async function* records(root: string, file: string): AsyncGenerator<{ line: number; record: string[] } | Fault> {
  const input = createReadStream(join(root, file));
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    // All are named because auto-discovery would take the first line's for all.
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  pipeline(input, soundLines, parser, () => {}); // the parser throws what broke
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (record.some((value) => value.includes('\0')))
        throw new TextFault(info.lines, 'holds a NUL character, which no text may; remove it');
      yield { line: info.lines, record };
    }
  } catch (error) {
    if (error instanceof TextFault) yield { file, line: error.line, message: error.message };
    else if (error instanceof CsvError) yield { file, line: Number(error.lines), message: `is not valid CSV: ${error.message}` };
    else yield { file, line: null, message: whyUnreadable(error) };
  } finally {
    input.destroy();
  }
}

/**
 * Gives a stream's bytes in whole lines. Throws a TextFault where they are no text; what UTF-16 holds is seen once it
 * is decoded.
 */
async function* soundLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let line = 1;
  let isWide: boolean | null = null;
  for await (const chunk of chunks) {
    isWide ??= isUtf16(chunk);
    if (isWide) {
      yield chunk;
      continue;
    }
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const whole = bytes.subarray(0, end);
    requireText(whole, line);
    for (let at = whole.indexOf(0x0a); at !== -1; at = whole.indexOf(0x0a, at + 1)) line++;
    rest = bytes.subarray(end);
    if (whole.length > 0) yield whole;
  }
  requireText(rest, line);
  if (rest.length > 0) yield rest;
}

function headerFault(header: readonly string[], columns: readonly string[]): string | null {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const other = header.length === 1 ? /[;\t|]/.exec(header[0]) : null;
    const hint = other ? '; columns are separated by commas' : '';
    return `lacks the column ${missing.map((name) => `"${name}"`).join(', ')}; its header is ${header.join(',')}${hint}`;
  }
  const twice = header.find((name, i) => header.indexOf(name) < i);
  return twice === undefined ? null : `names the column "${twice}" twice; rename or remove one`;
}
