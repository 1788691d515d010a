import { Category } from '../../prisma/generated/enums.ts';
import type { Broden, Concept } from './broden.ts';
import { nameOnDisk } from './category-name.ts';
import { readConcepts } from './concepts.ts';
import { readCsv } from './csv.ts';
import type { Report } from './fault.ts';
import { readLabelNames } from './label-names.ts';

/** What a dataset can be labelled with: Broden without its rows. */
export type Catalogue = Pick<Broden, 'categories' | 'concepts' | 'labelNames'>;

/** Concept index + 1 is kept in two bytes. */
const MOST_CONCEPTS = 65534;

/** Reads category.csv, label.csv and every c_<category>.csv. Concepts come in the order of category.csv, then code. */
export async function readCatalogue(root: string, report: Report): Promise<Catalogue> {
  const categories = await readCategories(root, report);
  const labels = await readLabelNames(root, report);
  const concepts: Concept[] = [];
  for (const category of categories)
    for (const concept of await readConcepts(root, category, labels, report)) concepts.push({ ...concept, index: concepts.length });
  if (concepts.length > MOST_CONCEPTS) {
    const message = `leads to ${concepts.length} concepts, more than the ${MOST_CONCEPTS} that can be told apart; leave out the rarest`;
    report({ file: 'category.csv', line: null, message });
  }
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
