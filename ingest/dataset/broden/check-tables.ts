import { plainCategory } from '../../../core/category.ts';
import { readCsv } from '../csv.ts';
import type { Report } from '../fault.ts';
import type { Catalogue } from './catalogue.ts';
import type { CountedConcept } from './concepts.ts';

/**
 * Reports where category.csv and label.csv do not sum up the c_<category>.csv files: numbers and frequencies of each
 * category, and categories and frequency of each label. (That every concept stands in label.csv, under one name, is
 * seen when they are read.)
 */
export async function checkTables(root: string, { categories, concepts }: Catalogue, report: Report): Promise<void> {
  const expect = (file: string, line: number, column: string, given: string, computed: string) => {
    if (given !== computed) report({ file, line, message: `${column} is "${given}" where the c_*.csv files say "${computed}"` });
  };
  for await (const { line, fields } of readCsv(root, 'category.csv', ['name', 'first', 'last', 'count', 'frequency'], report)) {
    const category = categories.find((known) => plainCategory(known) === fields.name);
    const own = concepts.filter((concept) => concept.category === category);
    if (category === undefined) continue;
    const numbers = own.map(({ number }) => number).sort((a, b) => a - b);
    expect('category.csv', line, 'first', fields.first, String(numbers.at(0) ?? ''));
    expect('category.csv', line, 'last', fields.last, String(numbers.at(-1) ?? ''));
    expect('category.csv', line, 'count', fields.count, String(own.length));
    expect('category.csv', line, 'frequency', fields.frequency, String(total(own)));
  }
  const byNumber = new Map<number, CountedConcept[]>();
  for (const concept of concepts) byNumber.set(concept.number, [...(byNumber.get(concept.number) ?? []), concept]);
  for await (const { line, fields } of readCsv(root, 'label.csv', ['number', 'category', 'frequency'], report)) {
    const own = byNumber.get(Number(fields.number)) ?? [];
    const computed = own.map(({ category, frequency }) => `${plainCategory(category)}(${frequency})`).sort();
    expect('label.csv', line, 'category', fields.category.split(';').sort().join(';'), computed.join(';'));
    expect('label.csv', line, 'frequency', fields.frequency, String(total(own)));
  }
}

function total(concepts: readonly CountedConcept[]): number {
  return concepts.reduce((sum, { frequency }) => sum + frequency, 0);
}
