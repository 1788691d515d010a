import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { enqueue } from '../../store/queue/enqueue.ts';
import { type JobQueue, openQueue } from '../../store/queue/open.ts';
import { openStore } from '../../store/store.ts';
import { type Fleet, startFleet } from './fleet.ts';

interface SpeedOptions {
  /** Of the database: empty, migrated. */
  url: string;
  folder: string;
  checkpoints: readonly string[];
  dataset: string;
  layers: readonly string[];
}

/**
 * Seconds in which so many workers do a dissection of each checkpoint, from the first one's start to the last one's
 * end.
 */
export async function drainSeconds({ url, folder, checkpoints, dataset, layers }: SpeedOptions, workers: number): Promise<number> {
  return withFleet({ url, folder, dataset }, workers, async (queue) => {
    const { store } = queue;
    for (const [i, file] of checkpoints.entries()) {
      await addModel(store, file, { slug: `net-${i}` });
      await enqueue(queue, { kind: 'DISSECT', payload: { model: `net-${i}`, dataset: 'chaos', layers: [...layers], tau: 0.005 } });
    }
    const jobs = await allDone(queue, checkpoints.length);
    return (
      (Math.max(...jobs.map(({ finishedAt }) => Number(finishedAt))) - Math.min(...jobs.map(({ startedAt }) => Number(startedAt)))) / 1000
    );
  });
}

/**
 * How long a job has no worker after a kill -9 while another worker has nothing to do: one long job, killed again and
 * again, in milliseconds.
 */
export async function takeOverTimes({ url, folder, checkpoints, dataset }: SpeedOptions, kills: number): Promise<number[]> {
  return withFleet({ url, folder, dataset }, 2, async (queue, fleet) => {
    const { store } = queue;
    const times: number[] = [];
    for (let i = 0; times.length < kills; i++) {
      const { model } = await addModel(store, checkpoints[i], { slug: `net-${i}` });
      const { job } = await enqueue(queue, {
        kind: 'DISSECT',
        payload: { model: model.slug, dataset: 'chaos', layers: ['all'], tau: 0.005 },
      });
      const read = () => store.prisma.job.findUniqueOrThrow({ where: { id: job.id } });
      for (let now = await read(); now.state !== 'DONE' && times.length < kills; now = await read()) {
        await sleep(700);
        const hit = await fleet.killOne(() => 0);
        if (!hit) continue;
        const killed = Date.now();
        for (let after = await read(); after.attempts === hit.attempts && after.state !== 'DONE'; after = await read()) await sleep(20);
        times.push(Date.now() - killed);
      }
      await allDone(queue, i + 1);
    }
    return times;
  });
}

export interface Overhead {
  /** From asking until a waiting worker begins: median, in milliseconds. */
  startMs: number;
  /** Between the start of one job and that of the next where jobs have nothing to do: mean, in milliseconds. */
  jobMs: number;
}

const EMPTY_JOBS = 30;

/**
 * What the queue costs, told by jobs that have nothing to do: each asks for the dissections of a series without
 * checkpoints.
 */
export async function overhead({ url, folder, dataset }: SpeedOptions): Promise<Overhead> {
  return withFleet({ url, folder, dataset }, 1, async (queue) => {
    const { store } = queue;
    await store.prisma.series.create({ data: { slug: 'empty', name: 'empty' } });
    const ask = (i: number) =>
      enqueue(queue, { kind: 'DISSECT_SERIES', payload: { series: 'empty', dataset: 'chaos', layers: [`${i}`], tau: 0.005 } });
    for (let i = 0; i < EMPTY_JOBS; i++) {
      await ask(i);
      await allDone(queue, i + 1);
    }
    const begun = (await store.prisma.job.findMany()).map(({ createdAt, startedAt }) => Number(startedAt) - Number(createdAt));
    await store.prisma.job.deleteMany();
    for (let i = 0; i < EMPTY_JOBS; i++) await ask(i);
    const starts = (await allDone(queue, EMPTY_JOBS)).map(({ startedAt }) => Number(startedAt));
    return { startMs: median(begun), jobMs: (Math.max(...starts) - Math.min(...starts)) / (EMPTY_JOBS - 1) };
  });
}

async function withFleet<T>(
  { url, folder, dataset }: Pick<SpeedOptions, 'url' | 'folder' | 'dataset'>,
  workers: number,
  work: (queue: JobQueue, fleet: Fleet) => Promise<T>,
): Promise<T> {
  const store = await openStore({ url, migrate: 'check' });
  await addDataset(store, dataset, { slug: 'chaos' });
  const queue = await openQueue(store, 'client');
  const fleet = startFleet(store, { DATABASE_URL: url, DISSECTORY_HOME: path.join(folder, 'home') }, workers);
  try {
    while (fleet.log().split('worker waits for jobs').length <= workers) await sleep(50);
    return await work(queue, fleet);
  } finally {
    await fleet.stop();
    await queue.close();
    await store.close();
  }
}

async function allDone({ store }: JobQueue, count: number) {
  for (;;) {
    const jobs = await store.prisma.job.findMany();
    const failed = jobs.find(({ state }) => state === 'FAILED');
    if (failed) throw new Error(`job ${failed.id} failed: ${failed.errorCode} ${failed.errorMessage}`);
    if (jobs.length === count && jobs.every(({ state }) => state === 'DONE')) return jobs;
    await sleep(20);
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
