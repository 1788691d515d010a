import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { DissectoryError } from '../../core/errors.ts';
import { keyOf } from '../../core/key.ts';
import type { Job } from '../../prisma/generated/client.ts';
import { inTransaction } from '../transaction.ts';
import type { JobQueue } from './open.ts';
import type { JobRequest } from './payload.ts';
import { queueOf } from './settings.ts';
import { inTransactionOf } from './transaction.ts';

export interface EnqueueOptions {
  /** Higher goes first; 0 where absent. */
  priority?: number;
  /**
   * When the same thing asked for before is the job that is given, and no new one is made: while it waits or runs (the
   * default), or `ever`, for those who ask again and again without knowing what became of it.
   */
  sameAs?: 'open' | 'ever';
}

/**
 * Asks for a job; workers hear of it at once. The same request by several at the same moment is one job.
 *
 * @returns the job, and whether it is new
 * @throws NOT_FOUND where the model, dataset or series that it is about is not registered
 */
export async function enqueue(
  queue: JobQueue,
  request: JobRequest,
  { priority = 0, sameAs = 'open' }: EnqueueOptions = {},
): Promise<{ job: Job; created: boolean }> {
  const key = jobKey(request);
  const { id, created } = await inTransaction(queue.store.pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`job ${key}`]);
    const same = await client.query<{ id: number }>(
      `SELECT id FROM jobs WHERE key = $1 AND ($2 OR state IN ('WAITING', 'RUNNING')) ORDER BY id DESC LIMIT 1`,
      [key, sameAs === 'ever'],
    );
    if (same.rows.length > 0) return { id: same.rows[0].id, created: false };
    const subject = await subjectOf(client, request);
    const delivery = randomUUID();
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO jobs (kind, payload, key, priority, delivery, model_id, dataset_id)
       VALUES ($1::"JobKind", $2, $3, $4, $5, $6, $7) RETURNING id`,
      [request.kind, request.payload, key, priority, delivery, subject.model, subject.dataset],
    );
    await deliver(queue, client, { id: rows[0].id, ...request, payload: { ...request.payload }, priority, delivery });
    return { id: rows[0].id, created: true };
  });
  return { job: await queue.store.prisma.job.findUniqueOrThrow({ where: { id } }), created };
}

/** What lies in the queue: which job it stands for. */
export interface Delivery {
  job: number;
}

/** Puts a job into its queue, in the transaction of `client`. */
export async function deliver(
  { boss }: JobQueue,
  client: PoolClient,
  { id, kind, payload, priority, delivery }: Pick<Job, 'id' | 'kind' | 'payload' | 'priority' | 'delivery'>,
): Promise<void> {
  await boss.send(queueOf({ kind, payload }), { job: id } satisfies Delivery, { id: delivery, priority, ...inTransactionOf(client) });
}

/**
 * Over what is asked for, not over how it is to be done: into how many shards a dissection is split is no part of it.
 */
function jobKey({ kind, payload }: JobRequest): string {
  const sorted = Object.entries(payload)
    .filter(([name]) => name !== 'shards')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return keyOf([kind, sorted]);
}

async function subjectOf(client: PoolClient, { kind, payload }: JobRequest): Promise<{ model: number | null; dataset: number | null }> {
  if (kind === 'REGISTER_MODEL' || kind === 'REGISTER_DATASET') return { model: null, dataset: null };
  if (kind === 'DISSECT_SERIES') await idOf(client, 'series', payload.series);
  return {
    model: 'model' in payload ? await idOf(client, 'models', payload.model) : null,
    dataset: 'dataset' in payload ? await idOf(client, 'datasets', payload.dataset) : null,
  };
}

async function idOf(client: PoolClient, table: 'models' | 'datasets' | 'series', slug: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`SELECT id FROM ${table} WHERE slug = $1`, [slug]);
  if (rows.length > 0) return rows[0].id;
  const what = table === 'series' ? 'series' : table.slice(0, -1);
  throw new DissectoryError('NOT_FOUND', `There is no ${what} "${slug}": register it first, or see to the spelling.`);
}
