import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Target } from '../../../core/targets.ts';
import { requireDevice } from '../../../ingest/engine/onnx/require-device.ts';
import { targetsHere } from '../../../ingest/engine/targets-here.ts';
import { newSlots } from '../../../ingest/jobs/slots.ts';
import { startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import { targetOfModel } from '../../../store/queue/target.ts';
import { attendedQueues, waitingFor } from '../../../store/queue/waiting-for.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';
import { ALEXNET, TINY } from '../places.ts';

vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let store: Store;
let queue: JobQueue;
let home: string;
beforeAll(async () => {
  database = await createDatabase();
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-targets-'));
  store = await openStore({ url: database.url, migrate: 'check' });
  queue = await openQueue(store, 'client');
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
});
afterAll(async () => {
  await queue.close();
  await store.close();
  await database.drop();
  await rm(home, { recursive: true });
});

const work = (...targets: Target[]) =>
  startWorker(store, { home, targets, memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null });
const read = (id: number) =>
  store.prisma.job.findUniqueOrThrow({ where: { id }, include: { dissections: { include: { dissection: true } } } });
async function ask(layer: string, runsOn?: Target, shards?: number): Promise<number> {
  const payload = { model: 'alexnet', dataset: 'tiny', layers: [layer], tau: 0.005, ...(runsOn && { runsOn }), ...(shards && { shards }) };
  return (await enqueue(queue, { kind: 'DISSECT', payload })).job.id;
}

describe('where a job is to run', () => {
  it('is a provider of the runtime that its model is for', async () => {
    expect(await targetOfModel(store.prisma, 'alexnet', 'cuda')).toBe('onnx-cuda');
    await expect(targetOfModel(store.prisma, 'alexnet', 'wasm')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: '"alexnet" is a model for ONNX Runtime, which knows no wasm: choose cuda, webgpu, cpu.',
    });
    await expect(targetOfModel(store.prisma, 'none', 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is found out by opening it; what was chosen and does not open is an error', async () => {
    await requireDevice('cpu');
    const { targets, passedOver } = await targetsHere([]);
    expect(targets).toEqual(expect.arrayContaining(['onnx-cpu', 'tfjs-wasm', 'tfjs-cpu']));
    expect(targets.length + passedOver.length).toBe(8);
    expect((await targetsHere(['onnx-cpu', 'tfjs-wasm'])).targets).toEqual(['onnx-cpu', 'tfjs-wasm']);
  });
});

/** Of the machine that the test runs on. */
const hasCuda = await requireDevice('cuda').then(
  () => true,
  () => false,
);

describe.runIf(!hasCuda)('on a machine without a GPU', () => {
  it('a worker told to use one does not start', async () => {
    await expect(work('onnx-cuda')).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(/^Target onnx-cuda:/) });
  });

  it('a worker leaves what is to run on one, says so, and does all else, one at a time', async () => {
    const first = await ask('conv1', 'onnx-cuda');
    expect(waitingFor(await read(first), await attendedQueues(queue))).toMatch(/^No worker runs/);
    const others = [await ask('conv2'), await ask('conv3', 'onnx-cpu'), await ask('conv4', 'onnx-cpu')];
    const worker = await work();
    try {
      let most = 0;
      while ((await store.prisma.job.count({ where: { id: { in: others }, state: 'DONE' } })) < others.length) {
        most = Math.max(most, await store.prisma.job.count({ where: { state: 'RUNNING' } }));
        expect(await store.prisma.job.count({ where: { state: 'FAILED' } })).toBe(0);
        await sleep(10);
      }
      expect(most).toBe(1);
      for (const id of others) expect(await read(id)).toMatchObject({ attempts: 1, dissections: [{ dissection: { provider: 'cpu' } }] });
      const left = await read(first);
      expect(left).toMatchObject({ state: 'WAITING', attempts: 0, worker: null });
      await expect
        .poll(async () => waitingFor(left, await attendedQueues(queue)), { timeout: 15_000 })
        .toMatch(/^No worker that runs can compute on cuda: start one where that opens/);
      expect(waitingFor(await read(others[0]), await attendedQueues(queue))).toBeNull();
    } finally {
      await worker.stop();
    }
  });
});

it('slots are taken and given, and whoever waits is woken', async () => {
  const slots = newSlots(2);
  expect([slots.take(), slots.take(), slots.take()]).toEqual([true, true, false]);
  const woken = slots.freed();
  slots.give();
  await woken;
  await slots.freed();
  expect([slots.take(), slots.take()]).toEqual([true, false]);
});
