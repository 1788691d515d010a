import { type ClassLine, meaningOfClasses } from '../class-table.ts';
import type { ConceptList } from '../concept-list.ts';
import { readCsv } from '../csv.ts';
import type { Report } from '../fault.ts';

export const CLASSES = 'classes.csv';

/** Reads classes.csv (value, name). 0 is background unless the table says otherwise. */
export async function readClasses(root: string, list: ConceptList, report: Report): Promise<ReadonlyMap<number, number>> {
  const lines: ClassLine[] = [];
  for await (const { line, fields } of readCsv(root, CLASSES, ['value', 'name'], report)) {
    const value = Number(fields.value);
    if (fields.value.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= 65535)
      lines.push({ value, name: fields.name.trim(), line });
    else report({ file: CLASSES, line, message: `"${fields.value}" is no value; values are whole numbers from 0 to 65535` });
  }
  const table = meaningOfClasses(CLASSES, lines, list, 'OBJECT', (value) => `value ${value}`, report);
  if (!table.has(0)) table.set(0, 0);
  return table;
}
