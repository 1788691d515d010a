import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { formats } from '../../../ingest/dataset/formats.ts';
import { openDataset } from '../../../ingest/registered/registered.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';
import { newObjectStorage, type ObjectStorage } from '../../object-storage.ts';

vi.setConfig({ testTimeout: 60_000 });

const fixtures = path.join(import.meta.dirname, '../../fixtures/formats');
const folders = formats.map(({ name }) => name).filter((name) => name !== 'broden' && name !== 'mapillary-v1.2');

let database: TestDatabase;
let storage: ObjectStorage;
let store: Store;
let home: string;

beforeAll(async () => {
  database = await createDatabase();
  storage = await newObjectStorage();
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-objects-'));
  for (const [name, value] of Object.entries({ ...storage.env, DISSECTORY_HOME: home })) vi.stubEnv(name, value);
  store = await openStore({ url: database.url, migrate: 'check' });
});
afterAll(async () => {
  await store.close();
  await storage.remove();
  await database.drop();
  await rm(home, { recursive: true });
  vi.unstubAllEnvs();
});

test.each(folders)('%s: below an s3:// URL it is the dataset that it is in a folder', async (name) => {
  await storage.putFolder(path.join(fixtures, name), `${name}/`);
  const slug = name.replaceAll('.', '-');
  const near = await addDataset(store, path.join(fixtures, name), { slug: `near-${slug}` });
  const surveyed: number[] = [];
  const far = await addDataset(store, `s3://bucket/${name}`, { slug: `far-${slug}` }, {}, (done, of) => surveyed.push(done, of));
  expect(far).toMatchObject({ format: name, sha256: near.sha256, imageCount: near.imageCount });
  expect(surveyed.at(-1)).toBe(far.imageCount);
  const { dataset, dense } = await openDataset(store, far.slug);
  expect(dataset.id).toBe(far.id);
  const local = (await openDataset(store, near.slug)).dense;
  expect(dense.concepts.map(({ category, name: concept }) => [category, concept])).toEqual(
    local.concepts.map(({ category, name: concept }) => [category, concept]),
  );
  for (const row of local.rows) expect(await dense.readLabels(row)).toEqual(await local.readLabels(row));
});
