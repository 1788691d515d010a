import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addDataset } from '../../../ingest/add-dataset.ts';
import { addModel } from '../../../ingest/add-model.ts';
import { dissectModel } from '../../../ingest/dissect-model.ts';
import { type RunningWorker, startWorker } from '../../../ingest/queue/worker.ts';
import type { Job } from '../../../prisma/generated/client.ts';
import { enqueue } from '../../../prisma/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../prisma/queue/open.ts';
import { openStore, type Store } from '../../../prisma/store.ts';
import { createDatabase } from '../../database.ts';
import { contentOf } from '../content.ts';
import { ALEXNET, MINI } from '../places.ts';

vi.setConfig({ testTimeout: 120_000 });

let store: Store;
let queue: JobQueue;
let home: string;
let end: () => Promise<void>;
const workers: RunningWorker[] = [];

beforeEach(async () => {
  const database = await createDatabase();
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-shards-'));
  store = await openStore({ url: database.url, migrate: 'check' });
  await addDataset(store, MINI, { slug: 'mini' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
  queue = await openQueue(store, 'client');
  end = async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await queue.close();
    await store.close();
    await database.drop();
    await rm(home, { recursive: true });
  };
});
afterEach(() => end());

/** Each on a machine of its own, as far as its disk goes. */
async function work(machine: string): Promise<void> {
  const settings = { provider: 'cpu', memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null } as const;
  workers.push(await startWorker(store, { ...settings, home: path.join(home, machine) }));
}

/** Six chunks. */
const ASKED = { model: 'alexnet', dataset: 'mini', layers: ['conv3', 'conv5'], tau: 0.005 };
const ask = async (shards?: number) => (await enqueue(queue, { kind: 'DISSECT', payload: { ...ASKED, shards } })).job.id;
const read = (id: number) => store.prisma.job.findUniqueOrThrow({ where: { id }, include: { dissections: true } });
const until = (id: number, state: Partial<Job>) => expect.poll(() => read(id), { timeout: 90_000, interval: 50 }).toMatchObject(state);
/** Jobs and what they have left in the store. */
const rows = async () => [await store.prisma.job.count(), await store.prisma.jobBlob.count()];

it('gives every number of an unsharded dissection, whichever of two workers does which shard, and leaves nothing behind', async () => {
  await work('a');
  await work('b');
  const id = await ask(3);
  await until(id, { state: 'DONE', attempts: 1 });
  const { dissections } = await read(id);
  const sharded = await Promise.all(dissections.map(({ dissectionId }) => contentOf(store, dissectionId)));
  expect(await rows()).toEqual([1, 0]);
  expect(await Promise.all(['a', 'b'].map((machine) => readdir(path.join(home, machine, 'work')).catch(() => [])))).toEqual([[], []]);

  const options = { ...ASKED, home, provider: 'cpu', memory: 2 ** 28, onProgress: () => {} } as const;
  expect((await dissectModel(store, options)).map(({ computed }) => computed)).toEqual([false, false]);
  await store.prisma.dissection.deleteMany();
  const whole = await dissectModel(store, options);
  expect(sharded).toEqual(await Promise.all(whole.map((one) => contentOf(store, one.id))));
});
