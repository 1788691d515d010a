import { once } from 'node:events';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDense } from '../../../ingest/dataset/open.ts';
import { passSequence } from '../../../ingest/dissection/sequence.ts';
import { type RunningWorker, startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Job } from '../../../prisma/generated/client.ts';
import { cancelJob } from '../../../store/queue/cancel.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import { retryJob } from '../../../store/queue/retry.ts';
import type { Store } from '../../../store/store.ts';
import { startWith } from '../cli/dissectory.ts';
import { contentOf } from '../content.ts';
import { ALEXNET, MINI } from '../places.ts';
import { temporaryStore } from '../temporary-store.ts';

vi.setConfig({ testTimeout: 120_000 });

let store: Store;
let queue: JobQueue;
let home: string;
let end: () => Promise<void>;
const workers: RunningWorker[] = [];

beforeEach(async () => {
  const place = await temporaryStore();
  ({ store, home } = place);
  await addDataset(store, MINI, { slug: 'mini' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
  queue = await openQueue(store, 'client');
  end = async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await queue.close();
    await place.remove();
  };
});
afterEach(() => end());

/** Each on a machine of its own, as far as its disk goes. */
async function work(machine: string): Promise<void> {
  const settings = { targets: ['onnx-cpu'], memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null } as const;
  workers.push(await startWorker(store, { ...settings, home: path.join(home, machine) }));
}

/** Six chunks. */
const ASKED = { model: 'alexnet', dataset: 'mini', layers: ['conv4', 'conv5'], tau: 0.005 };
const ask = async (shards: number, dataset = 'mini') =>
  (await enqueue(queue, { kind: 'DISSECT', payload: { ...ASKED, dataset, shards } })).job.id;
const read = (id: number) => store.prisma.job.findUniqueOrThrow({ where: { id }, include: { dissections: true } });
const until = (id: number, state: Partial<Job>) => expect.poll(() => read(id), { timeout: 90_000, interval: 50 }).toMatchObject(state);
/** Jobs and what they have left in the store. */
const rows = async () => [await store.prisma.job.count(), await store.prisma.jobBlob.count()];

/** A shard is in the hands of a worker, when so many before it are done. */
const underWay = (done: number) =>
  expect
    .poll(
      async () => {
        const shards = await store.prisma.job.findMany({ where: { parentId: { not: null } } });
        return shards.filter(({ state }) => state === 'DONE').length >= done && shards.some(({ state }) => state === 'RUNNING');
      },
      { timeout: 90_000, interval: 20 },
    )
    .toBe(true);
/** Of the dissections that a job led to. */
async function contents(id: number) {
  const { dissections } = await read(id);
  return Promise.all(dissections.map(({ dissectionId }) => contentOf(store, dissectionId)));
}
/** Of the same in one piece; what is stored goes. */
async function whole() {
  await store.prisma.dissection.deleteMany();
  const options = { ...ASKED, home, targets: ['onnx-cpu'], memory: 2 ** 28, onProgress: () => {} } as const;
  return Promise.all((await dissectModel(store, options)).map(({ id }) => contentOf(store, id)));
}
const leftOnDisk = (machine: string) => readdir(path.join(home, machine, 'work')).catch(() => []);

it('gives every number of an unsharded dissection, whichever of two workers does which shard, and leaves nothing behind', async () => {
  await work('a');
  await work('b');
  const id = await ask(3);
  await until(id, { state: 'RUNNING', worker: null, phase: 'TALLY', imageCount: 360 });
  await until(id, { state: 'DONE', attempts: 1, imagesDone: 360 });
  expect(await rows()).toEqual([1, 0]);
  expect([await leftOnDisk('a'), await leftOnDisk('b')]).toEqual([[], []]);

  const again = await ask(2);
  await until(again, { state: 'DONE' });
  expect(await read(again)).toMatchObject({ dissections: (await read(id)).dissections.map(({ dissectionId }) => ({ dissectionId })) });
  const sharded = await contents(id);
  expect(sharded).toEqual(await whole());
});

it('goes on without a worker that was killed, and without its disk', async () => {
  const doomed = startWith({ DATABASE_URL: store.url, DISSECTORY_HOME: path.join(home, 'doomed') }, ['worker']);
  const id = await ask(4);
  await underWay(2);
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const taken = await store.prisma.job.findFirstOrThrow({ where: { parentId: id, state: 'RUNNING' } });
  await work('other');
  await until(id, { state: 'DONE', attempts: 1 });
  expect(taken.worker).toMatch(new RegExp(`:${doomed.pid}$`));
  expect(await rows()).toEqual([1, 0]);
  const sharded = await contents(id);
  expect(sharded).toEqual(await whole());
});

it('ends with all its shards where it is cancelled, and is done when it is tried again', async () => {
  await work('a');
  const id = await ask(3);
  await underWay(1);
  const shard = await store.prisma.job.findFirstOrThrow({ where: { parentId: id } });
  await expect(cancelJob(queue, shard.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await cancelJob(queue, id)).toMatchObject({ state: 'CANCELLED' });
  expect(await rows()).toEqual([1, 0]);
  await retryJob(queue, id);
  await until(id, { state: 'DONE', attempts: 2 });
  expect(await rows()).toEqual([1, 0]);
  expect(await leftOnDisk('a')).toEqual([]);
});

it('fails with the first of its shards that cannot be done, for that reason', async () => {
  const broken = path.join(home, 'broken');
  await cp(MINI, broken, { recursive: true });
  const last = (await openDense(broken)).rows[passSequence(360)[359]];
  const file = path.join(broken, 'images', last.file);
  await writeFile(file, Buffer.alloc((await readFile(file)).length)); // of the same size: a dataset's fingerprint is over names and sizes
  await addDataset(store, broken, { slug: 'broken' });
  await work('a');
  const id = await ask(3, 'broken');
  await until(id, { state: 'FAILED', errorCode: 'BAD_IMAGE', errorMessage: expect.stringContaining(last.file) });
  expect(await rows()).toEqual([1, 0]);
});
