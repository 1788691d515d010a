import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse';
import { type Fault, type Report, whyUnreadable } from './fault.ts';

/** A line of a CSV file with a header. `fields` has at least the columns asked for. */
export interface CsvLine<Column extends string> {
  /** 1-based line of the file. */
  line: number;
  fields: Readonly<Record<Column, string>>;
}

/**
 * Streams a CSV file (UTF-8, LF or CR LF, columns in any order) line by line.
 *
 * Reports an unreadable file, a column that is missing or stands twice (then gives no line at all), a line with fewer or more fields
 * than the header (then leaves it out) and broken quoting (then stops there).
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
  // Both endings are named because auto-discovery would take the first line's for all.
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
  input.once('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: info.lines, record };
  } catch (error) {
    if (error instanceof CsvError) yield { file, line: Number(error.lines), message: `is not valid CSV: ${error.message}` };
    else yield { file, line: null, message: whyUnreadable(error) };
  } finally {
    input.destroy();
  }
}

function headerFault(header: readonly string[], columns: readonly string[]): string | null {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) return `lacks the column ${missing.map((name) => `"${name}"`).join(', ')}; its header is ${header.join(',')}`;
  const twice = header.find((name, i) => header.indexOf(name) < i);
  return twice === undefined ? null : `names the column "${twice}" twice; rename or remove one`;
}
