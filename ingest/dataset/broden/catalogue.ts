import { BRODEN_CATEGORIES, categoryOf, plainCategory } from '../../../core/category.ts';
import { readCsv } from '../csv.ts';
import type { DenseDataset } from '../dataset.ts';
import type { Report } from '../fault.ts';
import { type CountedConcept, readConcepts } from './concepts.ts';
import { readLabelNames } from './label-names.ts';

/** What a dataset can be labelled with: Broden without its rows. */
export interface Catalogue extends Pick<DenseDataset, 'categories' | 'labelNames'> {
  concepts: readonly CountedConcept[];
}

const COLUMNS_OF_INDEX = ['image', 'split', 'ih', 'iw', 'sh', 'sw'];

/** Concept index + 1 is kept in two bytes. */
const MOST_CONCEPTS = 65534;

/** Reads category.csv, label.csv and every c_<category>.csv. Concepts come in the order of category.csv, then code. */
export async function readCatalogue(root: string, report: Report): Promise<Catalogue> {
  const categories = await readCategories(root, report);
  const labels = await readLabelNames(root, report);
  const concepts: CountedConcept[] = [];
  for (const category of categories)
    for (const concept of await readConcepts(root, category, labels, report)) concepts.push({ ...concept, index: concepts.length });
  if (concepts.length > MOST_CONCEPTS) {
    const message = `leads to ${concepts.length} concepts, more than the ${MOST_CONCEPTS} that can be told apart; leave out the rarest`;
    report({ file: 'category.csv', line: null, message });
  }
  return { categories, concepts, labelNames: new Map(Array.from(labels, ([number, { name }]) => [number, name])) };
}

async function readCategories(root: string, report: Report): Promise<string[]> {
  const file = 'category.csv';
  const categories: string[] = [];
  for await (const { line, fields } of readCsv(root, file, ['name'], report)) {
    const category = categoryOf(fields.name);
    const fault =
      faultOf(fields.name) ?? (categories.includes(category) ? `names the category "${fields.name}" again; remove one line` : null);
    if (fault === null) categories.push(category);
    else report({ file, line, message: fault });
  }
  return categories;
}

/** A category's name is a column of index.csv and part of the name of its table. */
function faultOf(name: string): string | null {
  if (name === '' || /[/\\;,]/.test(name)) return `"${name}" cannot name a category: it is part of the name of a file, c_${name}.csv`;
  if (COLUMNS_OF_INDEX.includes(name)) return `"${name}" cannot name a category: it is another column of index.csv`;
  const plain = plainCategory(categoryOf(name));
  if (plain !== name)
    return `"${name}" must be written "${plain}", as its table and its column are (known: ${BRODEN_CATEGORIES.map(plainCategory).join(', ')})`;
  return null;
}
