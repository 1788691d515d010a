import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDense } from '../../../../ingest/dataset/open.ts';
import { addDataset } from '../../../../ingest/tasks/add-dataset.ts';
import { indexDataset } from '../../../../ingest/tasks/index-dataset.ts';
import { TINY } from '../../places.ts';
import { eachWithStore } from '../../write/open.ts';

const test = eachWithStore();

describe('indexing a dataset', () => {
  it('finds each concept on as many images, and over as much of them, as the dataset says itself', async () => {
    await addDataset(test.store, TINY, { slug: 'tiny' });
    expect(await indexDataset(test.store, 'tiny', () => {})).toBe(true);
    const concepts = await test.store.prisma.concept.findMany({ include: { images: true, profile: true } });
    expect(concepts.length).toBeGreaterThan(90);
    for (const { name, frequency, coverage, images } of concepts) {
      expect({ name, frequency: images.length }).toEqual({ name, frequency });
      expect(images.reduce((sum, image) => sum + image.coverage, 0)).toBeCloseTo(coverage, 2);
    }
  });

  it('says what colours a concept has: a colour has its own, the sky more blue than the grass', async () => {
    await addDataset(test.store, TINY, { slug: 'tiny' });
    await indexDataset(test.store, 'tiny', () => {});
    const concepts = await test.store.prisma.concept.findMany({ orderBy: { index: 'asc' }, include: { profile: true } });
    const colors = concepts.filter(({ category }) => category === 'COLOR');
    for (const [place, { profile }] of colors.entries()) expect(profile?.colors).toEqual(colors.map((_, i) => Number(i === place)));
    const share = (concept: string, color: string) => {
      const found = concepts.find(({ name }) => name === concept);
      return found?.profile?.colors[colors.findIndex(({ name }) => name === color)] as number;
    };
    expect(share('sky', 'blue-c')).toBeGreaterThan(share('grass', 'blue-c'));
    expect(share('grass', 'green-c')).toBeGreaterThan(share('sky', 'green-c'));
    for (const { profile } of concepts) expect(profile?.patterns.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 9);
  });

  it('and adding it count the images that are there, whatever the tables say of others', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'broden-subset-'));
    onTestFinished(() => rm(root, { recursive: true }));
    await cp(TINY, root, { recursive: true });
    const index = (await readFile(path.join(TINY, 'index.csv'), 'utf8')).split('\n').slice(0, 12);
    await writeFile(path.join(root, 'index.csv'), `${index.join('\n')}\n`);
    await addDataset(test.store, root, { slug: 'subset' });
    const dataset = await openDense(root);
    const carried = dataset.concepts.map(() => 0);
    for (const row of dataset.rows) {
      const { whole, maps } = await dataset.readLabels(row);
      const found = new Set([...whole, ...maps.flatMap((map) => [...map].filter((code) => code > 0).map((code) => code - 1))]);
      for (const concept of found) carried[concept]++;
    }
    const concepts = () => test.store.prisma.concept.findMany({ orderBy: { index: 'asc' }, include: { images: true } });
    const added = await concepts();
    expect(added.map(({ frequency }) => frequency)).toEqual(carried);
    expect(Math.max(...carried)).toBeLessThanOrEqual(11);

    // as a store of before has it
    await test.store.prisma.concept.updateMany({ data: { frequency: 345, coverage: 99 } });
    await indexDataset(test.store, 'subset', () => {});
    const indexed = await concepts();
    expect(indexed.map(({ frequency }) => frequency)).toEqual(carried);
    expect(indexed.map(({ images }) => images.length)).toEqual(carried);
    for (const [i, { coverage }] of indexed.entries()) expect(coverage).toBeCloseTo(added[i].coverage, 12);
  });

  it('is done once', async () => {
    await addDataset(test.store, TINY, { slug: 'tiny' });
    await indexDataset(test.store, 'tiny', () => {});
    expect(await indexDataset(test.store, 'tiny', () => {})).toBe(false);
  });

  it('refuses a dataset that is not registered', async () => {
    await expect(indexDataset(test.store, 'none', () => {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
