/**
 * npm run chaos: three workers, twelve checkpoints, twenty-four kills, one restart of the database; the same with
 * sharded dissections, half as many kills; then what the queue costs and what a second worker gains. Takes about ten
 * minutes. Ends with status 1 where anything was lost, doubled or different.
 */
import { deepStrictEqual } from 'node:assert';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { clusterOf } from '../../store/embedded/cluster.ts';
import { openEmbedded } from '../../store/embedded/open.ts';
import { stopServer } from '../../store/embedded/postgres.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/store.ts';
import { MINI } from '../ingest/places.ts';
import { sharedPath } from '../shared.ts';
import { runChaos } from './chaos.ts';
import { runSharded } from './sharded.ts';
import { drainSeconds, overhead, takeOverTimes } from './speed.ts';
import { contentsOf, undisturbed } from './undisturbed.ts';

const SEED = Number(process.env.SEED ?? 1);
const LAYERS = ['conv2', 'conv3', 'conv4', 'conv5'];
const KILLS = 24;
/** Checkpoints that are dissected in shards as well. */
const SHARDED = 4;

const zoo = sharedPath('zoo/models');
if (zoo === null) process.exit(1);
const snapshots = (await readdir(zoo)).filter((name) => /@\d+\.onnx$/.test(name)).sort();
const checkpoints = snapshots.slice(0, 12).map((name) => path.join(zoo, name));

const root = await mkdtemp(path.join(tmpdir(), 'dissectory-chaos-'));
await chmod(root, 0o755); // run by root, PostgreSQL has an account of its own
const server = await openEmbedded(root);
const asked = { checkpoints, dataset: MINI, layers: LAYERS };
try {
  const quiet = await place('quiet');
  const expected = await withStore(quiet.url, (store) => undisturbed(store, path.join(quiet.folder, 'home'), asked));
  console.log(`undisturbed: ${expected.size} dissections of ${checkpoints.length} checkpoints`);

  const stormy = await place('stormy');
  const report = await runChaos({
    ...asked,
    ...stormy,
    seed: SEED,
    workers: 3,
    kills: KILLS,
    killEveryMs: 2500,
    restartDatabase: () => stopServer(clusterOf(root)), // whoever has it open starts it again
    giveUpAfterMs: 15 * 60_000,
  });
  const dissections = checkpoints.length * LAYERS.length;
  await requireAll(stormy.url, checkpoints.length, expected);
  const leftOver = await readdir(path.join(stormy.folder, 'home', 'work'));
  console.log(
    `seed ${SEED}: ${report.kills} kills, 1 restart of the database, ${checkpoints.length} checkpoints, ${dissections} dissections, each once, all equal`,
  );
  const offered = inSeconds(report.takeOvers.map((one) => one.offered));
  const taken = inSeconds(report.takeOvers.map((one) => one.taken));
  console.log(`in ${report.seconds.toFixed(0)} s; after a kill the queue offered the job to others, s: ${offered}`);
  console.log(`and one of them, most of them busy with other jobs, had taken it: ${taken}`);
  console.log(`workers’ exit codes on SIGTERM: ${report.workerExits.join()}; work folders left over: ${leftOver.length}`);
  console.log(`workers that ended by themselves: ${report.gaveUp.join(' | ') || 'none'}`);

  const parted = { ...asked, checkpoints: checkpoints.slice(0, SHARDED) };
  const split = await place('split');
  const sharded = await runSharded({
    ...parted,
    ...split,
    seed: SEED,
    shards: 4,
    workers: 3,
    kills: KILLS / 2,
    killEveryMs: 2500,
    restartDatabase: () => stopServer(clusterOf(root)),
    giveUpAfterMs: 15 * 60_000,
  });
  const ofParted = new Set(await withStore(split.url, async (store) => [...(await contentsOf(store)).keys()]));
  await requireAll(split.url, SHARDED, new Map([...expected].filter(([key]) => ofParted.has(key))));
  console.log(
    `sharded: ${sharded.kills} kills (${sharded.ofShards} in the middle of a shard’s step), 1 restart of the database, ${SHARDED} checkpoints in 4 shards each, all equal, no rows left over, in ${sharded.seconds.toFixed(0)} s`,
  );
  console.log(
    `workers’ exit codes on SIGTERM: ${sharded.workerExits.join()}; that ended by themselves: ${sharded.gaveUp.join(' | ') || 'none'}`,
  );

  const idle = await takeOverTimes({ ...asked, ...(await place('idle')) }, 6);
  console.log(`take-over by a worker that has nothing to do, s: ${inSeconds(idle)}`);
  const cost = await overhead({ ...asked, ...(await place('cost')) });
  console.log(
    `queue: a waiting worker begins ${cost.startMs.toFixed(0)} ms after it is asked; jobs that have nothing to do follow each other every ${cost.jobMs.toFixed(0)} ms`,
  );
  const few = { ...asked, checkpoints: checkpoints.slice(0, 6) };
  const one = await drainSeconds({ ...few, ...(await place('one')) }, 1);
  const two = await drainSeconds({ ...few, ...(await place('two')) }, 2);
  console.log(
    `six checkpoints: ${one.toFixed(1)} s with one worker, ${two.toFixed(1)} s with two: ${(one / two).toFixed(2)} times as fast`,
  );
} finally {
  await server.close();
  await rm(root, { recursive: true, force: true });
}

/** Every dissection of so many checkpoints is there, once, with the numbers expected, and nothing else is left. */
async function requireAll(url: string, models: number, contents: ReadonlyMap<string, unknown>): Promise<void> {
  const dissections = models * LAYERS.length;
  await withStore(url, async (store) => {
    const { model, job, jobBlob, dissection, jobDissection, unit } = store.prisma;
    const counts = [await model.count(), await job.count(), await jobBlob.count(), await dissection.count(), await jobDissection.count()];
    deepStrictEqual(
      counts,
      [models, models, 0, dissections, dissections],
      'models, jobs, what shards leave, dissections, dissections of jobs',
    );
    deepStrictEqual(await dissection.count({ where: { current: true } }), dissections, 'current dissections');
    const { rows } = await store.pool.query<{ sum: string }>(
      'SELECT sum(l.unit_count) FROM dissections d JOIN layers l ON l.id = d.layer_id',
    );
    deepStrictEqual(await unit.count(), Number(rows[0].sum), 'units');
    deepStrictEqual(await contentsOf(store), contents, 'every number of every unit');
  });
}

/** Median and longest, then all. */
function inSeconds(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b).map((ms) => (ms / 1000).toFixed(1));
  return `median ${sorted[sorted.length >> 1]}, longest ${sorted.at(-1)} (${sorted.join(' ')})`;
}

async function place(name: string): Promise<{ url: string; folder: string }> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server.url);
  url.pathname = name;
  await migrate(url.href);
  const folder = path.join(root, name);
  await mkdir(folder);
  return { url: url.href, folder };
}

async function withStore<T>(url: string, work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> {
  const store = await openStore({ url, migrate: 'check' });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
