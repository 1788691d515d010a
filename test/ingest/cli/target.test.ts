import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { openQueue } from '../../../store/queue/open.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { TINY } from '../places.ts';
import { newPlace, type Place } from './dissectory.ts';

/** A small TensorFlow.js network that others trained. Left alone it runs on wasm at least. */
const LIVENESS = path.join(import.meta.dirname, '../../../node_modules/@vladmandic/human/models/liveness.json');
const LAYER = 'activation_4';

let place: Place;
let store: Store;
beforeAll(async () => {
  place = await newPlace();
  store = await openStore({ url: place.url, migrate: 'check' });
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, LIVENESS, { slug: 'liveness' });
});
afterAll(async () => {
  await store?.close();
  await place?.remove();
});

const placesAt = async (tau: number) =>
  (await store.prisma.dissection.findMany({ where: { tau } })).map(({ engine, provider }) => [engine, provider]);

it.each([
  ['dissect', 0.02, (tau: string) => ['dissect', 'liveness', '--layers', LAYER, '--tau', tau]],
  ['an experiment', 0.03, (tau: string) => ['experiment', 'taus', 'liveness', '--layer', LAYER, '--taus', tau]],
])('%s computes on the backend that is named', async (_, tau, command) => {
  const { code, err } = await place.run(...command(String(tau)), '--dataset', 'tiny', '--target', 'tfjs-cpu');
  expect(code, err).toBe(0);
  expect(await placesAt(tau)).toEqual([['@tensorflow/tfjs', 'cpu']]);
});

it('a worker computes on the backend that is named', async () => {
  const queue = await openQueue(store, 'client');
  const worker = place.start('worker', '--target', 'tfjs-cpu');
  try {
    const payload = { model: 'liveness', dataset: 'tiny', layers: [LAYER], tau: 0.04 };
    const { job } = await enqueue(queue, { kind: 'DISSECT', payload });
    const state = async () => (await store.prisma.job.findUniqueOrThrow({ where: { id: job.id } })).state;
    await expect.poll(state, { timeout: 60_000, interval: 100 }).toBe('DONE');
  } finally {
    const ended = once(worker, 'exit');
    worker.kill('SIGTERM');
    await ended;
    await queue.close();
  }
  expect(await placesAt(0.04)).toEqual([['@tensorflow/tfjs', 'cpu']]);
});
