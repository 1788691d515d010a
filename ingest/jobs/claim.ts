/**
 * The row of a job as its worker changes it. Every change but the first says which attempt it speaks for: one that was
 * overtaken changes nothing.
 */
import type { Pool, PoolClient } from 'pg';
import type { Job } from '../../prisma/generated/client.ts';
import type { JobPhase } from '../../prisma/generated/enums.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import { dropSteps } from '../../store/queue/steps.ts';
import type { Store } from '../../store/store.ts';

/** A job in the hands of a worker. */
export type ClaimedJob = Pick<Job, 'id' | 'kind' | 'payload' | 'attempts' | 'delivery' | 'priority' | 'parentId'>;

/** An attempt at a job. */
export type Attempt = Pick<Job, 'id' | 'attempts'>;

/**
 * Takes a job in hand; null where there is nothing to be done: it was cancelled, has ended, or stands for another
 * delivery by now.
 */
export async function claim(store: Store, id: number, delivery: string, worker: string): Promise<ClaimedJob | null> {
  const { rows } = await store.pool.query<ClaimedJob>(
    `UPDATE jobs SET state = 'RUNNING', worker = $3, attempts = attempts + 1, started_at = coalesce(started_at, now()), phase = NULL
     WHERE id = $1 AND delivery = $2 AND state IN ('WAITING', 'RUNNING')
     RETURNING id, kind, payload, attempts, delivery, priority, parent_id AS "parentId"`,
    [id, delivery, worker],
  );
  return rows[0] ?? null;
}

export interface JobProgress {
  phase: JobPhase;
  done: number;
  of: number;
  /** null while it cannot be said. */
  imagesPerSecond: number | null;
}

/** False where the job is no longer this attempt's: cancelled, or given to another worker. */
export async function writeProgress(store: Store, { id, attempts, parentId }: ClaimedJob, progress: JobProgress | null): Promise<boolean> {
  const mine = `id = $1 AND attempts = $2 AND state = 'RUNNING'`;
  const { rowCount } = progress
    ? await store.pool.query(
        `UPDATE jobs SET phase = $3::"JobPhase", images_done = $4, image_count = $5, images_per_second = $6 WHERE ${mine}`,
        [id, attempts, progress.phase, progress.done, progress.of, progress.imagesPerSecond],
      )
    : await store.pool.query(`SELECT FROM jobs WHERE ${mine}`, [id, attempts]);
  if (rowCount === 1 && progress && parentId !== null) await writeShardProgress(store.pool, parentId, progress.phase);
  return rowCount === 1;
}

/** Adds up how far the shards of a dissection are, in the phase that it is in, as the dissection's own progress. */
export async function writeShardProgress(client: Pool | PoolClient, parent: number, phase: JobPhase): Promise<void> {
  await client.query(
    `UPDATE jobs SET phase = $2::"JobPhase", images_done = sums.done, images_per_second = sums.rate
     FROM (SELECT sum(CASE state WHEN 'DONE' THEN image_count ELSE coalesce(images_done, 0) END)::int AS done,
             sum(images_per_second) FILTER (WHERE state = 'RUNNING') AS rate
           FROM jobs WHERE parent_id = $1 AND payload->>'step' = $3
             AND payload->>'round' = (SELECT max(payload->>'round') FROM jobs WHERE parent_id = $1)) AS sums
     WHERE id = $1 AND state = 'RUNNING'`,
    [parent, phase, phase === 'TALLY' ? 'TALLY' : 'PASS'],
  );
}

/** What a job has made or is about. */
export interface JobResult {
  model?: number;
  dataset?: number;
  experiment?: number;
  dissections?: readonly number[];
  /**
   * Ends the attempt in its own way instead of by `finish`. Gives the number of the job whose end is to be announced.
   */
  settle?(client: PoolClient): Promise<number | null>;
}

/** False as for `writeProgress`. */
export async function finish(
  client: PoolClient,
  { id, attempts }: Attempt,
  { model, dataset, experiment, dissections = [] }: JobResult,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE jobs SET state = 'DONE', finished_at = now(), phase = NULL, error_code = NULL, error_message = NULL,
       model_id = coalesce($3, model_id), dataset_id = coalesce($4, dataset_id), experiment_id = coalesce($5, experiment_id)
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING'`,
    [id, attempts, model ?? null, dataset ?? null, experiment ?? null],
  );
  if (rowCount === 0) return false;
  await client.query('INSERT INTO job_dissections (job_id, dissection_id) SELECT $1, unnest($2::int[]) ON CONFLICT DO NOTHING', [
    id,
    dissections,
  ]);
  return true;
}

export interface JobFailure {
  code: string;
  message: string;
}

/** To be tried again: `WAITING`; given up: `FAILED`. False as for `writeProgress`. */
export async function writeFailure(
  client: PoolClient,
  { id, attempts }: ClaimedJob,
  state: 'WAITING' | 'FAILED',
  { code, message }: JobFailure,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE jobs SET state = $3::"JobState", error_code = $4, error_message = $5, phase = NULL, worker = NULL,
       finished_at = CASE WHEN $3 = 'FAILED' THEN now() END
     WHERE id = $1 AND attempts = $2 AND state = 'RUNNING'`,
    [id, attempts, state, code, message],
  );
  return rowCount === 1;
}

/**
 * Gives a job up. A shard takes its whole dissection with it.
 *
 * @returns the number of the job that has failed; null as for `writeProgress`
 */
export async function giveUp(queue: JobQueue, client: PoolClient, job: ClaimedJob, failure: JobFailure): Promise<number | null> {
  // The dissection's row is always locked before those of its shards
  if (job.parentId !== null) await client.query('SELECT FROM jobs WHERE id = $1 FOR UPDATE', [job.parentId]);
  if (!(await writeFailure(client, job, 'FAILED', failure))) return null;
  return job.parentId === null ? job.id : failSharded(queue, client, job.parentId, failure);
}

/**
 * Fails a dissection with one of its shards, and removes what all of them have left. Null where it does not run any
 * more.
 */
export async function failSharded(
  queue: JobQueue,
  client: PoolClient,
  parent: number,
  { code, message }: JobFailure,
): Promise<number | null> {
  const { rowCount } = await client.query(
    `UPDATE jobs SET state = 'FAILED', error_code = $2, error_message = $3, phase = NULL, finished_at = now() WHERE id = $1 AND state = 'RUNNING'`,
    [parent, code, message],
  );
  if (rowCount === 0) return null;
  await dropSteps(queue, client, parent);
  return parent;
}

/** Lets the job wait again. False as for `writeProgress`. */
export async function giveBack(client: PoolClient, { id, attempts }: ClaimedJob): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE jobs SET state = 'WAITING', worker = NULL, phase = NULL WHERE id = $1 AND attempts = $2 AND state = 'RUNNING'`,
    [id, attempts],
  );
  return rowCount === 1;
}
