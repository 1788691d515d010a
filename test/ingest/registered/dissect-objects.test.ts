import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { watcher } from '../../../ingest/tasks/watch/watcher.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';
import { newObjectStorage, type ObjectStorage } from '../../object-storage.ts';
import { contentOf } from '../content.ts';
import { ALEXNET, OBJECTS, TINY } from '../places.ts';
import { request } from '../request.ts';

vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let storage: ObjectStorage;
let store: Store;
let queue: JobQueue;
let home: string;

beforeAll(async () => {
  database = await createDatabase();
  storage = await newObjectStorage();
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-objects-'));
  for (const [name, value] of Object.entries({ ...storage.env, DISSECTORY_HOME: home })) vi.stubEnv(name, value);
  store = await openStore({ url: database.url, migrate: 'check' });
  queue = await openQueue(store, 'client');
  await storage.putFolder(TINY, 'data/tiny/');
  await storage.put('runs/a/alexnet.onnx', await readFile(ALEXNET));
  await storage.put('runs/a/alexnet.json', JSON.stringify({ name: 'From afar', iteration: 7 }));
  await addDataset(store, TINY, { slug: 'near' });
  await addModel(store, ALEXNET, { slug: 'near' });
});
afterAll(async () => {
  await queue.close();
  await store.close();
  await storage.remove();
  await database.drop();
  await rm(home, { recursive: true });
  vi.unstubAllEnvs();
});

it('registers a model with its card and a dataset, and keeps their URLs', async () => {
  const { model } = await addModel(store, 's3://bucket/runs/a/alexnet.onnx', { slug: 'far' });
  expect(model).toMatchObject({ path: 's3://bucket/runs/a/alexnet.onnx', name: 'From afar', iteration: 7 });
  const near = await store.prisma.model.findUniqueOrThrow({ where: { slug: 'near' } });
  expect(model.sha256).toBe(near.sha256);
  const files: number[] = [];
  const dataset = await addDataset(store, 's3://bucket/data/tiny', { slug: 'far' }, { onProgress: (done, of) => files.push(done, of) });
  expect(dataset).toMatchObject({ path: 's3://bucket/data/tiny', imageCount: 60 });
  expect(dataset.sha256).toBe((await store.prisma.dataset.findUniqueOrThrow({ where: { slug: 'near' } })).sha256);
  expect(files.at(-1)).toBe(files.at(-2));
});

it.each([
  [
    () => addModel(store, 's3://bucket/runs/a/none.onnx', { slug: 'x' }),
    /^There is no s3:\/\/bucket\/runs\/a\/none\.onnx in the object storage/,
  ],
  [() => addModel(store, 's3://bucket/runs/a/', { slug: 'x' }), /^There is no s3:\/\/bucket\/runs\/a\/model\.json in/],
  [() => addDataset(store, 's3://bucket/data/none', { slug: 'x' }), /^There is no dataset below s3:\/\/bucket\/data\/none\/ in/],
  [() => addDataset(store, 's3://elsewhere/data', { slug: 'x' }), /^There is no bucket "elsewhere"/],
])('says what is not there (%#)', async (add, message) => {
  await expect(add()).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(message) });
});

it('a worker on a host without copies fetches both, waits where the storage is away, and computes what it would from files', async () => {
  await rm(path.join(home, 'cache'), { recursive: true });
  await storage.stop();
  const { job } = await enqueue(queue, { kind: 'DISSECT', payload: { model: 'far', dataset: 'far', layers: ['conv5'], tau: 0.005 } });
  const settings = { home, targets: ['onnx-cpu'], memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null } as const;
  const worker = await startWorker(store, settings);
  const read = () => store.prisma.job.findUniqueOrThrow({ where: { id: job.id }, include: { dissections: true } });
  try {
    await expect.poll(read, { timeout: 30_000 }).toMatchObject({ state: 'WAITING', errorCode: 'OBJECTS_UNAVAILABLE' });
    await storage.start();
    await expect.poll(read, { timeout: 60_000 }).toMatchObject({ state: 'DONE', errorCode: null });
  } finally {
    await worker.stop();
  }
  const [near] = await dissectModel(store, request(home, { model: 'near', dataset: 'near', layers: ['conv5'] }));
  expect(await contentOf(store, (await read()).dissections[0].dissectionId)).toEqual(await contentOf(store, near.id));
});

it('refuses a model whose object is another by now', async () => {
  await storage.put('runs/b/net.onnx', await readFile(ALEXNET));
  await addModel(store, 's3://bucket/runs/b/net.onnx', { slug: 'b' });
  await storage.put('runs/b/net.onnx', await readFile(OBJECTS));
  await expect(dissectModel(store, request(home, { model: 'b', dataset: 'near', layers: ['conv5'] }))).rejects.toMatchObject({
    code: 'BAD_MODEL',
    message: expect.stringMatching(/^s3:\/\/bucket\/runs\/b\/net\.onnx changed since/),
  });
});

it('watches a prefix: each new object that fits becomes a checkpoint once, and a job', async () => {
  const eyes = watcher(queue, { place: 's3://bucket/run-w/net@*.onnx', series: 'w', dataset: 'near', layers: ['conv5'], tau: 0.005 });
  await expect(eyes.look()).resolves.toEqual({ taken: [], refused: [] });
  await storage.put('run-w/net@300.onnx', await readFile(OBJECTS));
  await storage.put('run-w/net@300.json', JSON.stringify({ name: 'Third' }));
  await storage.put('run-w/other.onnx', 'not looked at');
  await storage.put('run-w/old/net@1.onnx', 'not looked at');
  expect((await eyes.look()).taken).toEqual([]);
  const { taken, refused } = await eyes.look();
  expect(refused).toEqual([]);
  expect(taken).toEqual([{ file: 's3://bucket/run-w/net@300.onnx', model: 'w@300', isNew: true, job: expect.any(Number) }]);
  expect((await eyes.look()).taken).toEqual([]);
  expect(await store.prisma.model.findUniqueOrThrow({ where: { slug: 'w@300' } })).toMatchObject({ name: 'Third', iteration: 300 });
});
