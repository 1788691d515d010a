import { rm } from 'node:fs/promises';
import type { PoolClient } from 'pg';
import type { JobPhase } from '../../../prisma/generated/enums.ts';
import { withLock } from '../../../store/lock.ts';
import type { JobQueue } from '../../../store/queue/open.ts';
import type { ShardStep } from '../../../store/queue/payload.ts';
import { deliverShards, dropShards } from '../../../store/queue/shards.ts';
import { type Attempt, type ClaimedJob, finish, type JobResult, writeShardProgress } from '../../jobs/claim.ts';
import type { JobWork } from '../../jobs/run-job.ts';
import { withWorkFolder } from '../work-folder.ts';
import { forgetEarlier } from './blobs.ts';
import { type KeptRun, type OpenedRun, openedRun } from './opened.ts';
import { passShard } from './pass.ts';
import { openRun, type ShardRun, type ShardSettings } from './run.ts';
import { tallyShard } from './tally.ts';
import { findThresholds } from './thresholds.ts';
import { writeShards } from './write.ts';

/**
 * Does one step of a sharded dissection. What it leaves is in the store when it is done; what it needs again when it is broken off, in a folder
 * that a worker on the same machine takes it up from.
 */
export async function takeStep(
  queue: JobQueue,
  job: ClaimedJob,
  step: ShardStep,
  settings: ShardSettings,
  kept: KeptRun,
  { signal, report }: Pick<Parameters<JobWork>[1], 'signal' | 'report'>,
): Promise<JobResult> {
  const { store } = queue;
  // A worker that was taken for dead may be at it still
  return withLock(store, { name: `shard ${job.id}`, onWait: () => {}, signal }, async (held) => {
    const parent = await store.prisma.job.findFirstOrThrow({
      where: { shards: { some: { id: job.id } } },
      select: { id: true, attempts: true },
    });
    await forgetEarlier(store.pool, job);
    const onImages = (done: number) => report(step.step === 'TALLY' ? 'TALLY' : 'FORWARD', done, step.images);
    const found = await openRun(parent, { store, settings, self: job, step, signal: held, onImages });
    const open = () => openedRun(store, found.plan);
    const take = (opened: OpenedRun) => doStep({ ...found, opened });
    try {
      const settle = await withWorkFolder(found.folder, () => kept.lend(`${parent.id} ${parent.attempts}`, open, take));
      return { settle: (client) => settle(client, queue, parent, job) };
    } catch (error) {
      const isCancelled = (await store.prisma.job.count({ where: { id: job.id } })) === 0;
      if (isCancelled) await rm(found.folder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Ends a step that is done; gives the number of the asked job where that ends with it. */
type Settle = (client: PoolClient, queue: JobQueue, parent: Attempt, job: ClaimedJob) => Promise<number | null>;

async function doStep(run: ShardRun): Promise<Settle> {
  switch (run.step.step) {
    case 'PASS':
      return goOn('FORWARD', await passShard(run));
    case 'THRESHOLDS':
      return goOn(null, await findThresholds(run));
    case 'TALLY':
      return goOn('TALLY', await tallyShard(run));
    case 'WRITE':
      return endDissection(await writeShards(run));
  }
}

/** Where no other step is under way the next ones are put into the queue. */
function goOn(phase: JobPhase | null, next: readonly ShardStep[]): Settle {
  return async (client, queue, parent, job) => {
    const dissection = await hold(client, parent);
    if (!dissection || !(await finish(client, job, {}))) return null;
    if (phase) await writeShardProgress(client, parent.id, phase);
    const { rows } = await client.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM jobs WHERE parent_id = $1 AND state <> 'DONE'`,
      [parent.id],
    );
    if (rows[0].open === 0) await deliverShards(queue, client, dissection, next);
    return null;
  };
}

/** With the last step the dissection ends, and what all of them have left is removed. */
function endDissection(dissections: readonly number[]): Settle {
  return async (client, _queue, parent, job) => {
    if (!(await hold(client, parent)) || !(await finish(client, job, {}))) return null;
    if (!(await finish(client, parent, { dissections }))) return null;
    await dropShards(client, parent.id);
    return parent.id;
  };
}

/** Locks the asked job's row, always before those of its shards. null where it does not run any more. */
async function hold(client: PoolClient, { id, attempts }: Attempt) {
  const { rows } = await client.query<Parameters<typeof deliverShards>[2]>(
    `SELECT id, priority, model_id AS "modelId", dataset_id AS "datasetId" FROM jobs
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' FOR UPDATE`,
    [id, attempts],
  );
  return rows[0] ?? null;
}
