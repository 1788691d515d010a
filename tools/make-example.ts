/**
 * Writes examples/ anew from a model zoo: `npx tsx tools/make-example.ts ZOO`.
 *
 * The dataset is the first rows of ZOO/broden-mini. Its index.csv is in hash order, so that they are a random sample,
 * and the same one each time. Label numbers and names stay; frequencies, coverages, codes and what sums them up are
 * computed anew, as Broden defines them.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { plainCategory } from '../core/category.ts';
import { tableOf } from '../ingest/dataset/broden/category-name.ts';
import type { CountedConcept } from '../ingest/dataset/broden/concepts.ts';
import type { DenseDataset, Row } from '../ingest/dataset/dataset.ts';
import { openDense } from '../ingest/dataset/open.ts';

const IMAGES = 360;
const MODELS = ['scenes-alexnet-fc', 'objects-alexnet', 'scenes-resnet'];
const EXAMPLES = resolve(import.meta.dirname, '../examples');

const zoo = process.argv[2];
if (zoo === undefined) throw new Error('usage: npx tsx tools/make-example.ts ZOO');
await writeModels(join(EXAMPLES, 'models'));
await writeDataset(await openDense(join(zoo, 'broden-mini')), join(EXAMPLES, 'broden-mini'));

async function writeModels(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const cards: { id: string; file: string }[] = JSON.parse(await readFile(join(zoo, 'models.json'), 'utf8'));
  for (const card of cards.filter(({ id }) => MODELS.includes(id))) {
    await copyFile(join(zoo, card.file), join(folder, `${card.id}.onnx`));
    await writeFile(join(folder, `${card.id}.json`), `${JSON.stringify(card, null, 2)}\n`);
  }
}

async function writeDataset(dense: DenseDataset, folder: string): Promise<void> {
  const rows = dense.rows.slice(0, IMAGES);
  await rm(folder, { recursive: true, force: true });
  for (const { file, row } of dense.files()) {
    if (row === null || !rows.includes(row)) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(dense.root, file), join(folder, file));
  }
  const index = (await readFile(join(dense.root, 'index.csv'), 'utf8')).split('\n').slice(0, 1 + IMAGES);
  await writeFile(join(folder, 'index.csv'), `${index.join('\n')}\n`);
  await writeTables(await recount(dense, rows), dense.categories, folder);
}

/** The concepts that occur in these rows, with the frequency and coverage that they have there. */
async function recount(dense: DenseDataset, rows: readonly Row[]): Promise<CountedConcept[]> {
  const concepts = dense.concepts.map((concept) => ({ ...concept, frequency: 0, coverage: 0 }));
  for (const row of rows) {
    const { height, width, whole, maps } = await dense.readLabels(row);
    const pixels = new Map<number, Set<number>>();
    for (const concept of whole) pixels.set(concept, new Set(Array(height * width).keys()));
    for (const map of maps) {
      for (const [pixel, label] of map.entries()) {
        if (label === 0) continue;
        const covered = pixels.get(label - 1);
        if (covered) covered.add(pixel);
        else pixels.set(label - 1, new Set([pixel]));
      }
    }
    for (const [concept, covered] of pixels) {
      concepts[concept].frequency++;
      concepts[concept].coverage += covered.size / (height * width);
    }
  }
  return concepts.filter(({ frequency }) => frequency > 0);
}

/**
 * category.csv by first label, label.csv by number, c_<category>.csv by frequency and then coverage, the largest first.
 */
async function writeTables(concepts: readonly CountedConcept[], categories: readonly string[], folder: string): Promise<void> {
  const write = (file: string, header: string, lines: (string | number)[][]) =>
    writeFile(join(folder, file), stringify([header.split(','), ...lines], { record_delimiter: '\r\n' }));
  const byFrequency = (a: CountedConcept, b: CountedConcept) => b.frequency - a.frequency || b.coverage - a.coverage || a.number - b.number;

  const summary: (string | number)[][] = [];
  for (const category of categories) {
    const own = concepts.filter((concept) => concept.category === category).sort(byFrequency);
    const numbers = own.map(({ number }) => number);
    const lines = own.map(({ number, name, frequency, coverage }, i) => [i + 1, number, name, frequency, coverage]);
    await write(tableOf(category), 'code,number,name,frequency,coverage', lines);
    summary.push([plainCategory(category), Math.min(...numbers), Math.max(...numbers), own.length, sum(own, 'frequency')]);
  }
  await write(
    'category.csv',
    'name,first,last,count,frequency',
    summary.sort((a, b) => Number(a[1]) - Number(b[1])),
  );

  const numbers = [...new Set(concepts.map(({ number }) => number))].sort((a, b) => a - b);
  const labels = numbers.map((number) => {
    const own = concepts.filter((concept) => concept.number === number).sort(byFrequency);
    const kinds = own.map(({ category, frequency }) => `${plainCategory(category)}(${frequency})`).join(';');
    return [number, own[0].name, kinds, sum(own, 'frequency'), sum(own, 'coverage').toFixed(6), own[0].synonyms.join(';')];
  });
  await write('label.csv', 'number,name,category,frequency,coverage,syns', labels);
}

function sum(concepts: readonly CountedConcept[], of: 'frequency' | 'coverage'): number {
  return concepts.reduce((total, concept) => total + concept[of], 0);
}
