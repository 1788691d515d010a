import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { openQueue } from '../../../store/queue/open.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { newPlace, type Place } from '../cli/dissectory.ts';
import { ALEXNET_FC, TINY } from '../places.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Place;
let store: Store;
beforeAll(async () => {
  place = await newPlace();
  store = await openStore({ url: place.url, migrate: 'check' });
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET_FC, { slug: 'fc' });
});
afterAll(async () => {
  await store.close();
  await place.remove();
});

it('goes on behind the last complete pass when its worker is killed -9', async () => {
  const queue = await openQueue(store, 'client');
  const payload = {
    kind: 'ROTATION' as const,
    model: 'fc',
    dataset: 'tiny',
    layer: 'conv1',
    tau: 0.005,
    alphas: [1],
    seeds: [1, 2, 3, 4],
  };
  const { job } = await enqueue(queue, { kind: 'EXPERIMENT', payload });
  await queue.close();
  // A megabyte does not hold two turned bases: a pass each
  const worker = ['worker', '--target', 'onnx-cpu', '--memory', '1'];
  const killed = place.start(...worker);
  while ((await store.prisma.dissection.count()) < 1) await sleep(20);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const before = await store.prisma.dissection.findMany({ select: { id: true, createdAt: true }, orderBy: { id: 'asc' } });
  expect(before.length).toBeLessThan(4);

  const next = place.start(...worker);
  const read = () =>
    store.prisma.job.findUniqueOrThrow({ where: { id: job.id }, include: { experiment: { include: { dissections: true } } } });
  await expect.poll(read, { timeout: 90_000 }).toMatchObject({ state: 'DONE', attempts: 2, imagesDone: (4 - before.length) * 60 });
  next.kill('SIGTERM');
  await once(next, 'exit');
  const after = await store.prisma.dissection.findMany({ select: { id: true, createdAt: true }, orderBy: { id: 'asc' } });
  expect(after).toHaveLength(4);
  expect(after.slice(0, before.length)).toEqual(before);
  expect((await read()).experiment?.dissections.map(({ dissectionId }) => dissectionId).sort()).toEqual(after.map(({ id }) => id));
});
