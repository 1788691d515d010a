import { readCsv } from '../csv.ts';
import type { Concept } from '../dataset.ts';
import type { Report } from '../fault.ts';
import { tableOf } from './category-name.ts';
import { type Label, notALabel, parseLabel } from './label-names.ts';

const COLUMNS = ['code', 'number', 'name', 'frequency', 'coverage'] as const;

/** A concept with what its table counts. */
export type CountedConcept = Concept & { frequency: number; coverage: number };

type Coded = Omit<CountedConcept, 'index' | 'category' | 'synonyms'> & { code: number };

/**
 * Reads one category's c_<category>.csv, in the order of its codes. Codes, label numbers and names must be unique in
 * it.
 */
export async function readConcepts(
  root: string,
  category: string,
  labels: ReadonlyMap<number, Label>,
  report: Report,
): Promise<Omit<CountedConcept, 'index'>[]> {
  const file = tableOf(category);
  const concepts: Coded[] = [];
  const firstLine = new Map<string, number>();
  for await (const { line, fields } of readCsv(root, file, COLUMNS, report)) {
    const fault = (message: string) => report({ file, line, message });
    const concept = parseConcept(fields);
    if (typeof concept === 'string') {
      fault(concept);
      continue;
    }
    const { code, number, name } = concept;
    const keys = [`code ${code}`, `label ${number}`, `name "${name}"`];
    const again = keys.find((key) => firstLine.has(key));
    if (again !== undefined) {
      fault(`gives the ${again} again (first on line ${firstLine.get(again)}); it must be unique in ${file}`);
      continue;
    }
    for (const key of keys) firstLine.set(key, line);
    const known = labels.get(number)?.name;
    if (known === undefined) fault(`label ${number} ("${name}") is not in label.csv; add it there`);
    else if (known !== name) fault(`calls label ${number} "${name}", label.csv calls it "${known}"; use one name`);
    concepts.push(concept);
  }
  return concepts
    .sort((a, b) => a.code - b.code)
    .map(({ code: _, ...concept }) => ({ ...concept, category, synonyms: labels.get(concept.number)?.synonyms ?? [] }));
}

/** A line's concept, or what is wrong with it. */
function parseConcept(fields: Readonly<Record<(typeof COLUMNS)[number], string>>): Coded | string {
  const code = parseLabel(fields.code);
  const number = parseLabel(fields.number);
  const frequency = Number(fields.frequency);
  const coverage = Number(fields.coverage);
  if (code === null) return `"${fields.code}" is not a code; codes are whole numbers from 1 on`;
  if (number === null) return notALabel(fields.number);
  if (fields.name === '') return 'has no name; take it from label.csv';
  if (fields.frequency === '' || !Number.isSafeInteger(frequency) || frequency < 0)
    return `"${fields.frequency}" is not a frequency; it is the number of images that carry the label`;
  if (fields.coverage === '' || !Number.isFinite(coverage) || coverage < 0)
    return `"${fields.coverage}" is not a coverage; it is the sum over images of the labelled fraction`;
  return { code, number, name: fields.name, frequency, coverage };
}
