import { Category } from '../../prisma/generated/enums.ts';
import type { Broden, Concept } from './broden.ts';
import { readCsv } from './csv.ts';
import type { Report } from './fault.ts';

/** What a dataset can be labelled with: Broden without its rows. */
export type Catalogue = Pick<Broden, 'categories' | 'concepts' | 'labelNames'>;

/** Label maps have two bytes a pixel, and concept index + 1 is stored in two. */
const LARGEST = 65535;

/** The category's name in file names, CSV columns and category.csv. */
export function nameOnDisk(category: Category): string {
  return category.toLowerCase();
}

/** Reads category.csv, label.csv and every c_<category>.csv. Concepts come in the order of category.csv, then code. */
export async function readCatalogue(root: string, report: Report): Promise<Catalogue> {
  const categories = await readCategories(root, report);
  const labels = await readLabelNames(root, report);
  const concepts: Concept[] = [];
  for (const category of categories) {
    const ofCategory = await readCategoryConcepts(root, category, labels, report);
    for (const concept of ofCategory) concepts.push({ ...concept, index: concepts.length });
  }
  if (concepts.length >= LARGEST)
    report({ file: 'category.csv', line: null, message: `leads to ${concepts.length} concepts; at most ${LARGEST - 1} can be told apart` });
  return { categories, concepts, labelNames: new Map(Array.from(labels, ([number, { name }]) => [number, name])) };
}

async function readCategories(root: string, report: Report): Promise<Category[]> {
  const file = 'category.csv';
  const known = new Map(Object.values(Category).map((category) => [nameOnDisk(category), category]));
  const categories: Category[] = [];
  for await (const { line, fields } of readCsv(root, file, ['name'], report)) {
    const category = known.get(fields.name);
    if (category === undefined)
      report({ file, line, message: `"${fields.name}" is not a category; the categories are ${[...known.keys()].join(', ')}` });
    else if (categories.includes(category)) report({ file, line, message: `names the category "${fields.name}" again; remove one line` });
    else categories.push(category);
  }
  return categories;
}

interface Label {
  name: string;
  synonyms: string[];
}

async function readLabelNames(root: string, report: Report): Promise<Map<number, Label>> {
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

type CodedConcept = Concept & { code: number };

async function readCategoryConcepts(
  root: string,
  category: Category,
  labels: ReadonlyMap<number, Label>,
  report: Report,
): Promise<Concept[]> {
  const file = `c_${nameOnDisk(category)}.csv`;
  const concepts: CodedConcept[] = [];
  const seen = { code: new Map<number, number>(), number: new Map<number, number>(), name: new Map<string, number>() };
  for await (const { line, fields } of readCsv(root, file, ['code', 'number', 'name', 'frequency', 'coverage'], report)) {
    const fault = (message: string) => report({ file, line, message });
    const code = parseLabel(fields.code);
    const number = parseLabel(fields.number);
    const { name } = fields;
    const frequency = Number(fields.frequency);
    const coverage = Number(fields.coverage);
    if (code === null) fault(`"${fields.code}" is not a code; codes are whole numbers from 1 on`);
    else if (number === null) fault(notALabel(fields.number));
    else if (name === '') fault('has no name; take it from label.csv');
    else if (fields.frequency === '' || !Number.isSafeInteger(frequency) || frequency < 0)
      fault(`"${fields.frequency}" is not a frequency; it is the number of images that carry the label`);
    else if (fields.coverage === '' || !Number.isFinite(coverage) || coverage < 0)
      fault(`"${fields.coverage}" is not a coverage; it is the sum over images of the labelled fraction`);
    else if (seen.code.has(code)) fault(`gives the code ${code} again (first on line ${seen.code.get(code)}); codes must be unique`);
    else if (seen.number.has(number)) fault(`lists label ${number} again (first on line ${seen.number.get(number)}); remove one line`);
    else if (seen.name.has(name)) fault(`names a second label "${name}" (first on line ${seen.name.get(name)}); rename one of them`);
    else {
      const label = labels.get(number);
      if (label === undefined) fault(`label ${number} ("${name}") is not in label.csv; add it there`);
      else if (label.name !== name) fault(`calls label ${number} "${name}", label.csv calls it "${label.name}"; use one name`);
      concepts.push({ index: 0, category, code, number, name, synonyms: label?.synonyms ?? [], frequency, coverage });
      seen.code.set(code, line);
      seen.number.set(number, line);
      seen.name.set(name, line);
    }
  }
  return concepts.sort((a, b) => a.code - b.code).map(({ code: _, ...concept }) => concept);
}

/** A label's or code's number; null where the text is none. 0 means "no label" in maps and is never a label. */
export function parseLabel(text: string): number | null {
  if (!/^\d+$/.test(text)) return null;
  const number = Number(text);
  return number >= 1 && number <= LARGEST ? number : null;
}

function notALabel(text: string): string {
  return `"${text}" is not a label number; label numbers go from 1 to ${LARGEST}`;
}
