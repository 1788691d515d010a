import { setTimeout as sleep } from 'node:timers/promises';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { enqueue } from '../../store/queue/enqueue.ts';
import { openQueue } from '../../store/queue/open.ts';
import { openStore } from '../../store/store.ts';
import type { ChaosOptions } from './chaos.ts';
import { startFleet } from './fleet.ts';
import { randomOf } from './random.ts';

export interface ShardedOptions extends ChaosOptions {
  shards: number;
}

export interface ShardedReport {
  kills: number;
  /** Of these so many of workers that had a step of a sharded dissection in hand. */
  ofShards: number;
  seconds: number;
  workerExits: (number | null)[];
  /** What workers said last that ended by themselves. */
  gaveUp: readonly string[];
}

/**
 * Asks for a sharded dissection of every checkpoint, and kills workers while they are at it, until every kill was made
 * and every job is done.
 *
 * @throws where a job fails, or not all is done in time
 */
export async function runSharded(options: ShardedOptions): Promise<ShardedReport> {
  const { checkpoints, url, folder, layers, shards } = options;
  const random = randomOf(options.seed);
  const store = await openStore({ url, migrate: 'check' });
  const queue = await openQueue(store, 'client', () => {}); // it gets over a restart of the database by itself
  const fleet = startFleet(store, { DATABASE_URL: url, DISSECTORY_HOME: `${folder}/home` }, options.workers);
  const started = Date.now();
  try {
    await addDataset(store, options.dataset, { slug: 'chaos' });
    const [kills] = await Promise.all([killAll(), askAll()]);
    await untilDone();
    const seconds = (Date.now() - started) / 1000;
    return { ...kills, seconds, workerExits: await fleet.stop(), gaveUp: fleet.gaveUp() };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\n${fleet.log()}`);
  } finally {
    await fleet.stop();
    await queue.close();
    await store.close();
  }

  async function askAll(): Promise<void> {
    for (const [i, file] of checkpoints.entries()) {
      const { model } = await untilAnswered(() => addModel(store, file, { slug: `net-${i}` }));
      const payload = { model: model.slug, dataset: 'chaos', layers: [...layers], tau: 0.005, shards };
      await untilAnswered(() => enqueue(queue, { kind: 'DISSECT', payload }));
    }
  }

  async function killAll(): Promise<{ kills: number; ofShards: number }> {
    let kills = 0;
    let ofShards = 0;
    let restarted = options.restartDatabase === undefined;
    while (kills < options.kills) {
      requireTime(`only ${kills} kills`);
      await sleep(random() * options.killEveryMs);
      const before = await store.prisma.job.findMany({ where: { kind: 'DISSECT_SHARD' }, select: { id: true } }).catch(() => []);
      const hit = await fleet.killOne(random).catch(() => null);
      if (hit) kills++;
      if (hit && before.some(({ id }) => id === hit.job)) ofShards++;
      if (restarted || kills < options.kills / 2) continue;
      await options.restartDatabase?.();
      restarted = true;
    }
    return { kills, ofShards };
  }

  async function untilDone(): Promise<void> {
    for (;;) {
      requireTime('not all jobs were done');
      const jobs = await store.prisma.job.findMany().catch(() => []);
      const failed = jobs.find(({ state }) => state === 'FAILED' || state === 'CANCELLED');
      if (failed) throw new Error(`job ${failed.id} failed: ${failed.errorCode} ${failed.errorMessage}`);
      if (jobs.length >= checkpoints.length && jobs.every(({ state }) => state === 'DONE')) return;
      await sleep(200);
    }
  }

  /** The database may be away for a moment. */
  async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      requireTime('the database did not come back');
      try {
        return await ask();
      } catch {
        await sleep(500);
      }
    }
  }

  function requireTime(what: string): void {
    if (Date.now() - started > options.giveUpAfterMs) throw new Error(`${what} in time`);
  }
}
