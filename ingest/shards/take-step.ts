import { rm } from 'node:fs/promises';
import type { PoolClient } from 'pg';
import type { JobPhase } from '../../prisma/generated/enums.ts';
import { withLock } from '../../prisma/lock.ts';
import type { JobQueue } from '../../prisma/queue/open.ts';
import type { ShardStep } from '../../prisma/queue/payload.ts';
import { deliverShards, dropShards } from '../../prisma/queue/shards.ts';
import { withWorkFolder } from '../pass/work-folder.ts';
import { type ClaimedJob, finish, type JobResult, writeShardProgress } from '../queue/claim.ts';
import type { JobWork } from '../queue/run-job.ts';
import { forgetEarlier, type Owner } from './blobs.ts';
import { passShard } from './pass.ts';
import { openRun, type ShardSettings } from './run.ts';
import { tallyShard } from './tally.ts';
import { findThresholds } from './thresholds.ts';
import { writeShards } from './write.ts';

/** Of the asked job, whose progress is that of the steps through images. */
const PHASES = { PASS: 'FORWARD', TALLY: 'TALLY', THRESHOLDS: null, WRITE: null } as const;

/**
 * Does one step of a sharded dissection. What it leaves is in the store when it is done; what it needs again when it is broken off, in a folder
 * that a worker on the same machine takes it up from.
 */
export async function takeStep(
  queue: JobQueue,
  job: ClaimedJob,
  step: ShardStep,
  settings: ShardSettings,
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
    const phase = PHASES[step.step];
    const onImages = (done: number) => {
      if (phase) report(phase, done, step.images);
    };
    const run = await openRun(store, parent, job, step, settings, { signal: held, onImages });
    try {
      return await withWorkFolder(run.folder, async () => {
        if (step.step === 'WRITE') {
          const dissections = await writeShards(run);
          return { settle: (client) => endDissection(client, parent, job, dissections) };
        }
        const next = await { PASS: passShard, THRESHOLDS: findThresholds, TALLY: tallyShard }[step.step](run);
        return { settle: (client) => goOn(queue, client, parent, job, phase, next) };
      });
    } catch (error) {
      const isCancelled = (await store.prisma.job.count({ where: { id: job.id } })) === 0;
      if (isCancelled) await rm(run.folder, { recursive: true, force: true });
      throw error;
    }
  });
}

/** Ends a step, and where no other is under way puts the next ones into the queue. */
async function goOn(
  queue: JobQueue,
  client: PoolClient,
  parent: Owner,
  job: ClaimedJob,
  phase: JobPhase | null,
  next: readonly ShardStep[],
): Promise<null> {
  const dissection = await hold(client, parent);
  if (!dissection || !(await finish(client, job, {}))) return null;
  if (phase) await writeShardProgress(client, parent.id, phase);
  const { rows } = await client.query<{ open: number }>(`SELECT count(*)::int AS open FROM jobs WHERE parent_id = $1 AND state <> 'DONE'`, [
    parent.id,
  ]);
  if (rows[0].open === 0) await deliverShards(queue, client, dissection, next);
  return null;
}

/** Ends the dissection with its last step, and removes what all of them have left. Gives the asked job's number. */
async function endDissection(client: PoolClient, parent: Owner, job: ClaimedJob, dissections: readonly number[]): Promise<number | null> {
  if (!(await hold(client, parent)) || !(await finish(client, job, {}))) return null;
  if (!(await finish(client, parent, { dissections }))) return null;
  await dropShards(client, parent.id);
  return parent.id;
}

/** Locks the asked job's row, always before those of its shards. null where it does not run any more. */
async function hold(client: PoolClient, { id, attempts }: Owner) {
  const { rows } = await client.query<Parameters<typeof deliverShards>[2]>(
    `SELECT id, priority, model_id AS "modelId", dataset_id AS "datasetId" FROM jobs
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING' FOR UPDATE`,
    [id, attempts],
  );
  return rows[0] ?? null;
}
