import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../../ingest/tasks/add-model.ts';
import { importTally } from '../../../../ingest/tasks/netdissect/import-tally.ts';
import { writeTally } from '../../../../ingest/tasks/netdissect/write-tally.ts';
import { contentOf, dissectedRows, NO_ROWS } from '../../content.ts';
import { ALEXNET, TINY } from '../../places.ts';
import { eachWithStore } from '../../write/open.ts';
import { tallyCsv } from './small.ts';

const test = eachWithStore();

async function file(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-tally-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'tally.csv'), content);
  return path.join(folder, 'tally.csv');
}

const place = { model: 'net', layer: 'conv5', dataset: 'broden' };
const take = async (content: string | Uint8Array, where = place) => importTally(test.store, { file: await file(content), ...where });

/** Of three units, best IoU first as NetDissect sorts them; unit 3 is nothing. */
const THREE = tallyCsv([
  {
    unit: 2,
    cells: {
      OBJECT: { label: 'dog', truth: 60, activation: 60, intersect: 40 }, // 40 / 80
      PART: { label: 'head', truth: 20, activation: 30, intersect: 10 }, // 10 / 40
    },
  },
  { unit: 1, cells: { COLOR: { label: 'red-c', truth: 100, activation: 50, intersect: 30 } } }, // 30 / 120
  { unit: 3, cells: { TEXTURE: { label: '', truth: 90, activation: 10, intersect: 0 } } },
]);

describe('the import of a tally', () => {
  it('stores each unit under its index from 0, with its label and the best concept of each category', async () => {
    const { id, units, created } = await take(THREE);
    expect([units, created]).toEqual([3, true]);
    const concepts = await test.store.prisma.concept.findMany({ orderBy: { index: 'asc' } });
    expect(concepts.map(({ category, name }) => `${category} ${name}`)).toEqual(['OBJECT dog', 'PART head', 'COLOR red-c']);
    const unknown = { threshold: null, silent: false, maxActivation: null, topImages: [] };
    expect(await contentOf(test.store, id)).toMatchObject([
      { ...unknown, index: 0, iou: 0.25, category: 'COLOR', label: 2, scores: [{ concept: 2, iou: 0.25, intersection: 30n, union: 120n }] },
      {
        ...{ ...unknown, index: 1, iou: 0.5, category: 'OBJECT', label: 0 },
        scores: [
          { concept: 0, iou: 0.5, intersection: 40n, union: 80n },
          { concept: 1, iou: 0.25, intersection: 10n, union: 40n },
        ],
      },
      { ...unknown, index: 2, iou: 0, category: null, label: undefined, scores: [] },
    ]);
  });

  it('is written out again as it was', async () => {
    const { id } = await take(THREE);
    const row = (line: string) => line.split(',').map((cell) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell)));
    const [written, read] = [await writeTally(test.store, id), THREE].map((csv) => csv.trimEnd().split('\n').map(row));
    // The label of a unit that has none is whatever column came first
    expect(written.with(3, ['3', ...written[3].slice(4)])).toEqual(read.with(3, ['3', ...read[3].slice(4)]));
  });

  it('finds what it left, and keeps another tally of the layer apart', async () => {
    const first = await take(THREE);
    expect(await take(THREE)).toEqual({ id: first.id, units: 3, created: false });
    const second = await take(THREE.replaceAll('dog', 'cat'));
    expect(second).toMatchObject({ created: true });
    expect(await test.store.prisma.dissection.findMany({ where: { current: true } })).toMatchObject([{ id: second.id }]);
  });

  it('adds a second model to the same dataset, concepts by their names', async () => {
    await take(THREE);
    const { id } = await take(THREE.replace('head', 'tail'), { ...place, model: 'other' });
    const [, unit] = await contentOf(test.store, id);
    expect(unit.scores.map(({ concept }) => concept)).toEqual([0, 3]);
    expect(await test.store.prisma.concept.count()).toBe(4);
  });
});

describe('a tally that cannot be taken in leaves nothing behind and says why:', () => {
  it.each([
    ['no tally at all', 'a,b\n1,2\n', /is not a tally\.csv of NetDissect: it has no columns like unit, object-label, object-iou\.$/],
    ['an empty file', '', /is not a tally\.csv of NetDissect/],
    ['a broken line', THREE.replace('dog', '"dog'), /is not well-formed CSV: /],
    ['a line cut short', `${THREE.trimEnd().slice(0, -20)}\n`, /is not well-formed CSV: .*line 4/],
    ['a number that is none', THREE.replace(',60,60,40,', ',60,many,40,'), /line 2: object-activation is "many", which is not a number/],
    ['half a pixel', THREE.replace(',60,60,40,', ',60,60.5,40,'), /line 2: object-activation is "60\.5"/],
    [
      'an IoU that its counts do not give',
      THREE.replace(',40,0.5,', ',40,0.6,'),
      /line 2: object-iou is 0\.6, but its counts give 40 \/ 80\.$/,
    ],
    ['a unit twice', THREE.replace(/^3,/m, '2,'), /units must be 1 to 3, each once, but unit 3 is missing or another stands twice\.$/],
    ['a unit 0', THREE.replace(/^3,/m, '0,'), /line 4: unit is "0"/],
  ])('%s', async (_, content, message) => {
    await expect(take(content)).rejects.toMatchObject({ code: 'BAD_TALLY', message: expect.stringMatching(message) });
    expect(await test.store.prisma.model.count()).toBe(0);
    expect(await test.store.prisma.dataset.count()).toBe(0);
  });

  it('a file that is not there', async () => {
    const missing = importTally(test.store, { file: '/nowhere/tally.csv', ...place });
    await expect(missing).rejects.toMatchObject({
      code: 'BAD_TALLY',
      message: expect.stringMatching(/^\/nowhere\/tally\.csv cannot be read \(ENOENT\): name a /),
    });
  });

  it('a layer of another number of units', async () => {
    await take(THREE);
    const before = await dissectedRows(test.store);
    const two = tallyCsv([
      { unit: 1, cells: {} },
      { unit: 2, cells: {} },
    ]);
    await expect(take(two)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Layer conv5 of "net" has 3 units, the tally 2: name another model or layer.',
    });
    expect(await dissectedRows(test.store)).toEqual(before);
  });

  it('a layer that the model’s file has not', async () => {
    await addModel(test.store, ALEXNET, { slug: 'net' });
    await expect(take(THREE, { ...place, layer: 'conv9' })).rejects.toMatchObject({
      code: 'LAYER_NOT_FOUND',
      message: 'Model "net" has no layer conv9; it has conv1, conv2, conv3, conv4, conv5.',
    });
    expect(await dissectedRows(test.store)).toEqual(NO_ROWS);
    expect(await test.store.prisma.dataset.count()).toBe(0);
  });

  it('labels that a dataset on disk has not', async () => {
    await addDataset(test.store, TINY, { slug: 'tiny' });
    const unicorns = take(THREE.replaceAll('dog', 'unicorn'), { ...place, dataset: 'tiny' });
    await expect(unicorns).rejects.toMatchObject({
      code: 'CONFLICT',
      message:
        'Dataset "tiny" lacks labels of the tally (object "unicorn"; 1 in all): it was not computed over this dataset; name another with --dataset.',
    });
    expect(await test.store.prisma.concept.count()).toBe(98);
    expect(await test.store.prisma.model.count()).toBe(0);
  });
});
