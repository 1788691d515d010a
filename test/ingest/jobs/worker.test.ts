import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bury } from '../../../ingest/jobs/bury.ts';
import { type RunningWorker, startWorker, type WorkerOptions } from '../../../ingest/jobs/worker.ts';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import type { Job } from '../../../prisma/generated/client.ts';
import { cancelJob } from '../../../store/queue/cancel.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import { retryJob } from '../../../store/queue/retry.ts';
import { listSchedules, removeSchedule, setSchedule } from '../../../store/queue/schedule.ts';
import { SCHEDULED } from '../../../store/queue/settings.ts';
import type { Store } from '../../../store/store.ts';
import { contentOf, dissectedRows, NO_ROWS } from '../content.ts';
import { ALEXNET, MINI, TINY } from '../places.ts';
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
  await addDataset(store, TINY, { slug: 'tiny' });
  await addModel(store, ALEXNET, { slug: 'alexnet', series: 'run', iteration: 5 });
  queue = await openQueue(store, 'client');
  end = async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await queue.close();
    await place.remove();
  };
});
afterEach(() => end());

async function work(options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const settings = { home, targets: ['onnx-cpu'], memory: 2 ** 28, allowedFolders: [], concurrency: 1, webhook: null } as const;
  const worker = await startWorker(store, { ...settings, ...options });
  workers.push(worker);
  return worker;
}

/** Six chunks. */
const LONG = { model: 'alexnet', dataset: 'mini', layers: ['conv5'], tau: 0.005 };
/** One. */
const SHORT = { ...LONG, dataset: 'tiny' };
const ask = async (payload: typeof LONG) => (await enqueue(queue, { kind: 'DISSECT', payload })).job.id;
const read = (id: number) => store.prisma.job.findUniqueOrThrow({ where: { id }, include: { dissections: true } });
const until = (id: number, state: Partial<Job>) => expect.poll(() => read(id), { timeout: 90_000, interval: 50 }).toMatchObject(state);
/** One of six is complete. */
async function firstChunk(): Promise<void> {
  for (const until = Date.now() + 90_000; Date.now() < until; await sleep(5)) {
    const [run] = await readdir(path.join(home, 'work')).catch(() => []);
    const names = run === undefined ? [] : await readdir(path.join(home, 'work', run, 'round-0')).catch(() => []);
    if (names.includes('000000')) return;
  }
  expect.fail('no chunk was complete in time');
}

describe('a worker that is told to stop', () => {
  it('finishes its chunk and puts the job back; the next one goes on there, with the numbers of an undisturbed run', async () => {
    const id = await ask(LONG);
    const first = await work();
    await firstChunk();
    await first.stop();
    workers.pop();
    expect(await read(id)).toMatchObject({ state: 'WAITING', worker: null, attempts: 1, errorCode: null });
    expect(await dissectedRows(store)).toEqual(NO_ROWS);
    const [run] = await readdir(path.join(home, 'work'));
    expect((await readdir(path.join(home, 'work', run, 'round-0'))).length).toBeGreaterThan(0);

    await work();
    await until(id, { state: 'DONE', attempts: 2 });
    const { dissections } = await read(id);
    const contents = await Promise.all(dissections.map(({ dissectionId }) => contentOf(store, dissectionId)));
    await store.prisma.dissection.deleteMany();
    const again = await dissectModel(store, { ...LONG, home, targets: ['onnx-cpu'], memory: 2 ** 28, onProgress: () => {} });
    expect(contents).toEqual(await Promise.all(again.map(({ id: one }) => contentOf(store, one))));
    expect(await readdir(path.join(home, 'work'))).toEqual([]);
  });
});

describe('a job', () => {
  it('is stopped where it is cancelled while it runs, and done when it is tried again', async () => {
    await work();
    const id = await ask(LONG);
    await firstChunk();
    expect(await cancelJob(queue, id)).toMatchObject({ state: 'CANCELLED' });
    const other = await enqueue(queue, { kind: 'DISSECT', payload: { ...SHORT, layers: ['conv1'] } });
    await until(other.job.id, { state: 'DONE' });
    expect(await read(id)).toMatchObject({ state: 'CANCELLED', dissections: [] });
    await retryJob(queue, id);
    await until(id, { state: 'DONE', attempts: 2 });
  });

  it('is tried again after what may pass, and gives up at once on what stays', async () => {
    await store.pool.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON units FOR EACH ROW EXECUTE FUNCTION fill_disk()`);
    await work();
    const id = await ask(SHORT);
    await until(id, { state: 'WAITING', errorCode: 'STORE_FULL', attempts: 1 });
    await store.pool.query('DROP TRIGGER full_disk ON units');
    await until(id, { state: 'DONE', errorCode: null });
    const wrong = await enqueue(queue, { kind: 'DISSECT', payload: { ...SHORT, layers: ['conv9'] } });
    await until(wrong.job.id, { state: 'FAILED', errorCode: 'LAYER_NOT_FOUND', attempts: 1 });
    await expect(retryJob(queue, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('that every worker dies over is marked as failed when the queue gives it up', async () => {
    const id = await ask(SHORT);
    const { delivery } = await read(id);
    await store.prisma.job.update({ where: { id }, data: { state: 'RUNNING', worker: 'gone:1' } });
    const buried = { data: { job: id }, sourceId: delivery, sourceRetryCount: 10 } as Parameters<typeof bury>[1];
    await bury(queue, { ...buried, sourceId: '00000000-0000-0000-0000-000000000000' }, async () => {});
    expect(await read(id)).toMatchObject({ state: 'RUNNING' });
    const told: number[] = [];
    await bury(queue, buried, async (_client, job) => void told.push(job));
    expect(told).toEqual([id]);
    expect(await read(id)).toMatchObject({ state: 'FAILED', errorCode: 'WORKER_LOST', errorMessage: expect.stringContaining('11 in all') });
  });

  it('of higher priority goes first', async () => {
    const low = await enqueue(queue, { kind: 'DISSECT', payload: { ...SHORT, layers: ['conv1'] } });
    const high = await enqueue(queue, { kind: 'DISSECT', payload: { ...SHORT, layers: ['conv2'] } }, { priority: 3 });
    await work();
    await until(low.job.id, { state: 'DONE' });
    const [first, second] = [await read(high.job.id), await read(low.job.id)];
    expect(Number(first.startedAt)).toBeLessThan(Number(second.startedAt));
  });

  it('asked for by several at the same moment is one', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => enqueue(queue, { kind: 'DISSECT', payload: SHORT })));
    expect(new Set(asked.map(({ job }) => job.id)).size).toBe(1);
    expect(asked.filter(({ created }) => created)).toHaveLength(1);
  });
});

describe('what workers do at set times', () => {
  it('is set, replaced, listed and removed; a wrong expression is refused', async () => {
    const request = { kind: 'DISSECT_SERIES' as const, payload: { series: 'run', dataset: 'mini', layers: ['conv5'], tau: 0.005 } };
    const schedule = { name: 'nightly', cron: '0 3 * * *', tz: 'Europe/Zurich', request };
    await setSchedule(queue, { ...schedule, cron: '5 5 * * 1' });
    await setSchedule(queue, schedule);
    expect(await listSchedules(queue)).toEqual([schedule]);
    for (const wrong of [{ cron: 'at night' }, { cron: '0 25 * * *' }, { tz: 'Zurich' }, { name: 'a b' }])
      await expect(setSchedule(queue, { ...schedule, ...wrong })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await removeSchedule(queue, 'nightly')).toBe(true);
    expect(await removeSchedule(queue, 'nightly')).toBe(false);
  });

  it('leads to a look into the folder, and to the dissection of each checkpoint of a series', async () => {
    await work();
    const watched = path.join(home, 'watched.d');
    await mkdir(watched);
    await copyFile(path.join(MINI, '../models/objects-alexnet.onnx'), path.join(watched, 'net@9.onnx'));
    const rest = { series: 'run', dataset: 'tiny', layers: ['conv5'], tau: 0.005 };
    await queue.boss.send(SCHEDULED, { kind: 'SCAN', payload: { place: watched, ...rest } });
    const dissected = (model: string) => store.prisma.job.count({ where: { kind: 'DISSECT', state: 'DONE', model: { slug: model } } });
    await expect.poll(() => dissected('run@9'), { timeout: 90_000 }).toBe(1);
    await queue.boss.send(SCHEDULED, { kind: 'DISSECT_SERIES', payload: rest });
    await expect.poll(() => dissected('alexnet'), { timeout: 90_000 }).toBe(1);
    await expect.poll(() => dissected('run@9'), { timeout: 90_000 }).toBe(2);
    expect(await store.prisma.dissection.count()).toBe(2);
  });
});

describe('a webhook', () => {
  it('is told of each dissection that ended, signed, again until it answers', async () => {
    const told: { body: string; signature: string; delivery: string }[] = [];
    const receiver = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const { 'dissectory-signature': signature, 'dissectory-delivery': delivery } = request.headers;
      told.push({ body, signature: String(signature), delivery: String(delivery) });
      response.writeHead(told.length === 1 ? 503 : 204).end();
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    try {
      await work({ webhook: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`, secret: 'geheim' } });
      const id = await ask(SHORT);
      await expect.poll(() => told.length, { timeout: 90_000 }).toBe(2);
      const [first, second] = told;
      expect(second.delivery).toBe(first.delivery);
      const [, time, signature] = second.signature.match(/^t=(\d+),v1=([0-9a-f]{64})$/) ?? [];
      expect(signature).toBe(createHmac('sha256', 'geheim').update(`${time}.${second.body}`).digest('hex'));
      const { dissections } = await read(id);
      expect(JSON.parse(second.body)).toMatchObject({
        event: 'dissection.finished',
        job: id,
        model: 'alexnet',
        dataset: 'tiny',
        error: null,
        dissections: [{ id: dissections[0].dissectionId, layer: 'conv5', tau: 0.005 }],
      });
      const wrong = await enqueue(queue, { kind: 'DISSECT', payload: { ...SHORT, layers: ['conv9'] } });
      await expect.poll(() => told.length, { timeout: 90_000 }).toBe(3);
      expect(JSON.parse(told[2].body)).toMatchObject({ event: 'dissection.failed', job: wrong.job.id, error: { code: 'LAYER_NOT_FOUND' } });
    } finally {
      receiver.close();
    }
  });
});
