import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDataset } from '../../../ingest/dataset/broden/check.ts';
import { describeFault } from '../../../ingest/dataset/fault.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { dissectedRows, NO_ROWS } from '../content.ts';
import { labelPng } from '../dataset/small.ts';
import { ALEXNET, TINY } from '../places.ts';
import { request } from '../request.ts';
import { eachWithStore } from '../write/open.ts';
import { newPlace } from './dissectory.ts';

const test = eachWithStore();

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'dissectory-bad-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

/** A copy of broden-tiny to be spoilt. */
async function copied(): Promise<string> {
  const root = path.join(await folder(), 'broden');
  await cp(TINY, root, { recursive: true });
  return root;
}

const IMAGE = 'images/scene/s_00004.jpg'; // line 4 of index.csv
const MAP = 'images/scene/s_00004_object.png';

/** The faults that `dataset check` reports, as it prints them. */
async function faults(root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const fault of checkDataset(root, () => {})) found.push(describeFault(fault));
  return found;
}

/** Dissects with a small network, so that every image and map is read. */
async function dissect(root: string): Promise<unknown> {
  await addDataset(test.store, root, { slug: 'bad' });
  await addModel(test.store, ALEXNET, { slug: 'net' });
  return dissectModel(test.store, request(await folder(), { model: 'net', dataset: 'bad', layers: ['conv1'] }));
}

/** What `dissect` must refuse with, and that it has left nothing. */
async function expectRefused(dissection: Promise<unknown>, code: string, message: string | RegExp): Promise<void> {
  await expect(dissection).rejects.toMatchObject({ name: 'DissectoryError', code, message: expect.stringMatching(message) });
  expect(await dissectedRows(test.store)).toEqual(NO_ROWS);
}

describe('a dataset with', () => {
  it('an image missing is not registered', async () => {
    const root = await copied();
    await rm(path.join(root, IMAGE));
    const adding = addDataset(test.store, root, { slug: 'bad' });
    await expect(adding).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining(`${IMAGE} (index.csv, line 4): is missing`),
    });
    expect(await test.store.prisma.dataset.count()).toBe(0);
    expect(await faults(root)).toEqual([expect.stringMatching(/^images\/scene\/s_00004\.jpg \(index\.csv, line 4\): is missing/)]);
  });

  it('a corrupt image is found by the check, and stops a dissection', async () => {
    const root = await copied();
    const bytes = await readFile(path.join(root, IMAGE));
    await writeFile(path.join(root, IMAGE), bytes.subarray(0, bytes.length / 2));
    const sentence = /images\/scene\/s_00004\.jpg \(index\.csv, line 4\): is no readable image \(.+\); restore the file or remove the row/;
    expect(await faults(root)).toEqual([expect.stringMatching(sentence)]);
    await expectRefused(dissect(root), 'BAD_IMAGE', sentence);
  });

  it('a label map of another size is found by the check, and stops a dissection', async () => {
    const root = await copied();
    await sharp(path.join(root, MAP)).resize(28, 28, { kernel: 'nearest' }).png().toFile(path.join(root, 'smaller.png'));
    await cp(path.join(root, 'smaller.png'), path.join(root, MAP));
    const sentence =
      /images\/scene\/s_00004_object\.png \(index\.csv, line 4\): is 28 x 28 pixels \(height x width\) where its row says 56 x 56 \(sh x sw\); correct one of them/;
    expect(await faults(root)).toEqual([expect.stringMatching(sentence)]);
    await expectRefused(dissect(root), 'BAD_DATASET', sentence);
  });

  it('labels unknown to label.csv is found by the check, and stops a dissection', async () => {
    const root = await copied();
    const rows = Array.from({ length: 56 }, (_, y) => Array.from({ length: 56 }, (_, x) => (y === 2 && x > 4 ? 4711 : 0)));
    await writeFile(path.join(root, MAP), await labelPng(rows));
    const sentence = /images\/scene\/s_00004_object\.png \(index\.csv, line 4\): row 2, column 5 \(from 0\): .*4711/;
    expect(await faults(root)).toEqual([expect.stringMatching(sentence)]);
    await expectRefused(dissect(root), 'BAD_DATASET', sentence);
  });

  it('a column missing in a row is not registered', async () => {
    const root = await copied();
    const index = await readFile(path.join(root, 'index.csv'), 'utf8');
    await writeFile(path.join(root, 'index.csv'), index.replace(/,53\r\n/, '\r\n'));
    const sentence = 'index.csv, line 3: has 11 fields where the header has 12; restore the missing ones or remove the extra ones';
    await expect(addDataset(test.store, root, { slug: 'bad' })).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining(sentence),
    });
    expect(await test.store.prisma.dataset.count()).toBe(0);
    expect(await faults(root)).toContain(sentence);
  });
});

describe('a dataset that changed since it was added', () => {
  it('is not dissected, and is not added again under its slug', async () => {
    const root = await copied();
    await addDataset(test.store, root, { slug: 'bad' });
    const index = await readFile(path.join(root, 'index.csv'), 'utf8');
    await writeFile(path.join(root, 'index.csv'), index.replace(',train,', ',val,'));
    await addModel(test.store, ALEXNET, { slug: 'net' });
    const dissection = dissectModel(test.store, request(await folder(), { model: 'net', dataset: 'bad', layers: ['conv1'] }));
    await expectRefused(
      dissection,
      'BAD_DATASET',
      /changed since it was added as "bad": add it again under a slug of its own, or restore it\.$/,
    );
    await expect(addDataset(test.store, root, { slug: 'bad' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Dataset "bad" exists with another content than ${root}: choose another slug.`,
    });
  });
});

describe('the command line', () => {
  it('reports every fault of a dataset on a line of its own, with status 1', async () => {
    const root = await copied();
    await rm(path.join(root, IMAGE));
    await rm(path.join(root, MAP));
    const place = await newPlace();
    onTestFinished(() => place.remove());
    const { code, out } = await place.run('dataset', 'check', root);
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringContaining(`${IMAGE} (index.csv, line 4): is missing`),
      expect.stringContaining(`${MAP} (index.csv, line 4): is missing`),
      `${root}: 2 faults`,
    ]);
    const adding = await place.run('dataset', 'add', root, '--slug', 'bad');
    expect(adding).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^dissectory: .*s_00004\S* \(index\.csv, line 4\): is missing.*\n$/),
    });
  });
});
