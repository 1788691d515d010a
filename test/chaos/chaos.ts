import { copyFile, mkdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { QUEUE_SCHEMA } from '../../store/queue/settings.ts';
import { openStore } from '../../store/store.ts';
import { startWith } from '../ingest/cli/dissectory.ts';
import { drop } from './drop.ts';
import { startFleet } from './fleet.ts';
import { randomOf } from './random.ts';

export interface ChaosOptions {
  seed: number;
  /** Of the database: empty, migrated. */
  url: string;
  /** An empty folder for everything else. */
  folder: string;
  /** Model files of different content. */
  checkpoints: readonly string[];
  /** Folder in the Broden layout, registered as `chaos`. */
  dataset: string;
  layers: readonly string[];
  workers: number;
  kills: number;
  /** At most so long between two kills. */
  killEveryMs: number;
  /** Takes the database down and up again; called once half of the kills are done. Absent: it stays up. */
  restartDatabase?: () => Promise<void>;
  giveUpAfterMs: number;
}

export interface ChaosReport {
  kills: number;
  /**
   * From each kill until the queue offered the job to others, and until one had taken it (it may have had to finish
   * another first), in milliseconds.
   */
  takeOvers: { offered: number; taken: number }[];
  /** From the first file until the last dissection, in seconds. */
  seconds: number;
  workerLog: string;
  workerExits: (number | null)[];
  /** What workers said last that ended by themselves. */
  gaveUp: readonly string[];
}

type TakeOver = ChaosReport['takeOvers'][number];

/**
 * Lets a training drop checkpoints into a watched folder while workers are killed, and waits until every job has ended
 * and every kill was made. The first checkpoint is also copied under another name and touched: that is no new one.
 *
 * @throws where a job fails, or not all is done in time
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { folder, checkpoints, url, giveUpAfterMs } = options;
  const random = randomOf(options.seed);
  const watched = path.join(folder, 'watched');
  const home = path.join(folder, 'home');
  await mkdir(watched);
  const env = { DATABASE_URL: url, DISSECTORY_HOME: home };
  const store = await openStore({ url, migrate: 'check' });
  await addDataset(store, options.dataset, { slug: 'chaos' });

  const started = Date.now();
  const late = () => Date.now() - started > giveUpAfterMs;
  const watch = startWith(env, [
    'watch',
    watched,
    '--series',
    'chaos',
    '--dataset',
    'chaos',
    '--layers',
    options.layers.join(),
    '--every',
    '1',
  ]);
  watch.stdout?.resume();
  watch.stderr?.resume();
  const fleet = startFleet(store, env, options.workers);
  try {
    const dropping = dropAll();
    const [{ kills, takeOvers }] = await Promise.all([killAll(), dropping]);
    await untilDone();
    const seconds = (Date.now() - started) / 1000;
    return { kills, takeOvers: await takeOvers, seconds, workerExits: await fleet.stop(), workerLog: fleet.log(), gaveUp: fleet.gaveUp() };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\n${fleet.log()}`);
  } finally {
    watch.kill('SIGKILL');
    await fleet.stop();
    await store.close();
  }

  async function dropAll(): Promise<void> {
    for (const [i, file] of checkpoints.entries()) {
      await drop(file, watched, random);
      await sleep(random() * 1000);
      if (i > 0) continue;
      await copyFile(file, path.join(watched, 'a-copy.onnx'));
      await utimes(path.join(watched, path.basename(file)), new Date(), new Date());
    }
  }

  async function killAll(): Promise<{ kills: number; takeOvers: Promise<TakeOver[]> }> {
    const takeOvers: Promise<TakeOver>[] = [];
    let restarted = options.restartDatabase === undefined;
    while (takeOvers.length < options.kills) {
      if (late()) throw new Error(`only ${takeOvers.length} kills in time`);
      await sleep(random() * options.killEveryMs);
      const hit = await fleet.killOne(random).catch(() => null);
      if (hit) takeOvers.push(takeOver(hit, Date.now()));
      if (restarted || takeOvers.length < options.kills / 2) continue;
      await options.restartDatabase?.();
      restarted = true;
    }
    return { kills: takeOvers.length, takeOvers: Promise.all(takeOvers) };
  }

  /**
   * Until a later attempt has the job, or it is done: a worker may be killed when all is stored but the end of the job.
   */
  async function takeOver({ job, attempts }: { job: number; attempts: number }, killed: number): Promise<TakeOver> {
    let offered: number | null = null;
    while (!late()) {
      const now = await store.prisma.job.findUnique({ where: { id: job } }).catch(() => null);
      const passed = Date.now() - killed;
      if (now && (now.attempts > attempts || now.state === 'DONE')) return { offered: offered ?? passed, taken: passed };
      if (now && offered === null && (await isOffered(now.delivery))) offered = passed;
      await sleep(50);
    }
    throw new Error(`job ${job} was taken over by nobody`);
  }

  async function isOffered(delivery: string): Promise<boolean> {
    const select = `SELECT FROM ${QUEUE_SCHEMA}.job WHERE id = $1 AND state = 'retry'`;
    return (await store.pool.query(select, [delivery]).catch(() => null))?.rowCount === 1;
  }

  async function untilDone(): Promise<void> {
    while (!late()) {
      const jobs = await store.prisma.job.findMany().catch(() => []);
      const failed = jobs.find(({ state }) => state === 'FAILED' || state === 'CANCELLED');
      if (failed) throw new Error(`job ${failed.id} failed: ${failed.errorCode} ${failed.errorMessage}`);
      if (jobs.length >= checkpoints.length && jobs.every(({ state }) => state === 'DONE')) return;
      await sleep(200);
    }
    throw new Error('not all jobs were done in time');
  }
}
