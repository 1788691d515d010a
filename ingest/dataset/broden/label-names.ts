import { readCsv } from '../csv.ts';
import type { Report } from '../fault.ts';

/** Label maps have two bytes a pixel. */
const LARGEST = 65535;

export interface Label {
  name: string;
  synonyms: string[];
}

/** Reads label.csv: what each label number is called. */
export async function readLabelNames(root: string, report: Report): Promise<Map<number, Label>> {
  const file = 'label.csv';
  const labels = new Map<number, Label>();
  for await (const { line, fields } of readCsv(root, file, ['number', 'name', 'syns'], report)) {
    const number = parseLabel(fields.number);
    if (number === null) report({ file, line, message: notALabel(fields.number) });
    else if (labels.has(number)) report({ file, line, message: `gives the number ${number} again; label numbers must be unique` });
    else labels.set(number, { name: fields.name, synonyms: fields.syns.split(';').filter(Boolean) });
  }
  return labels;
}

/** A label's number; null where the text is none. 0 means "no label" in maps and is never a label. */
export function parseLabel(text: string): number | null {
  if (!/^\d+$/.test(text)) return null;
  const number = Number(text);
  return number >= 1 && number <= LARGEST ? number : null;
}

export function notALabel(text: string): string {
  return `"${text}" is not a label number; label numbers go from 1 to ${LARGEST}`;
}
