import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningWorker, startWorker } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { exportDissection } from '../../../ingest/tasks/export-dissection.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import type { Store } from '../../../store/store.ts';
import { ALEXNET, MINI } from '../places.ts';
import { request } from '../request.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

let store: Store;
let home: string;
let remove: TemporaryStore['remove'];
let queue: JobQueue;
let worker: RunningWorker | undefined;

beforeAll(async () => {
  ({ store, home, remove } = await temporaryStore());
  await addDataset(store, MINI, { slug: 'mini' });
  await addModel(store, ALEXNET, { slug: 'alexnet' });
  queue = await openQueue(store, 'client');
});
afterAll(async () => {
  await worker?.stop();
  await queue.close();
  await remove();
});

const asked = (labels?: string[]) => ({
  ...request(home, { model: 'alexnet', dataset: 'mini', layers: ['conv5'] }),
  ...(labels && { labels }),
});

it('are added to a stored dissection by one more pass, and then found; the same in shards', async () => {
  const [first] = await dissectModel(store, asked());
  const before = await exportDissection(store, first.id);
  expect(before.units[0].scores[0]).not.toHaveProperty('auc');
  expect(before.units.every(({ labels }) => labels.every(({ method }) => method === 'iou'))).toBe(true);
  expect(before.units.flatMap(({ scores }) => scores).every(({ standardError }) => standardError !== null)).toBe(true);

  expect(await dissectModel(store, asked(['iou']))).toEqual([{ ...first, computed: false }]);
  expect(await dissectModel(store, asked(['auc', 'iou']))).toEqual([{ ...first, computed: true }]);
  expect(await dissectModel(store, asked(['auc_max']))).toEqual([{ ...first, computed: false }]);
  const whole = await exportDissection(store, first.id);
  for (const [unit, { labels, scores, label, iou }] of whole.units.entries()) {
    expect(scores.every(({ auc, aucMax }) => auc !== undefined && aucMax !== undefined)).toBe(true);
    const best = labels.filter(({ rank }) => rank === 1);
    expect(best.map(({ method }) => method)).toEqual(iou > 0 ? ['auc_max', 'auc_mean', 'iou'] : ['auc_max', 'auc_mean']);
    if (iou > 0) expect(best[2]).toMatchObject({ text: label, score: iou, concepts: [{ name: label }] });
    const stripped = scores.map(({ auc: _, aucMax: __, aucStandardError: ___, aucMaxStandardError: ____, ...score }) => score);
    expect(stripped).toEqual(before.units[unit].scores);
  }

  await store.prisma.dissection.deleteMany();
  const settings = { targets: [], memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null, home } as const;
  worker = await startWorker(store, settings);
  const payload = { model: 'alexnet', dataset: 'mini', layers: ['conv5'], tau: 0.005, shards: 3, labels: ['auc'] };
  const { job } = await enqueue(queue, { kind: 'DISSECT', payload });
  const read = () => store.prisma.job.findUniqueOrThrow({ where: { id: job.id }, include: { dissections: true } });
  await expect.poll(read, { timeout: 150_000, interval: 100 }).toMatchObject({ state: 'DONE' });
  const [{ dissectionId }] = (await read()).dissections;
  expect((await exportDissection(store, dissectionId)).units).toEqual(whole.units);
});

it('are refused where nobody knows the method', async () => {
  await expect(dissectModel(store, asked(['ouija']))).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('auc') });
});
