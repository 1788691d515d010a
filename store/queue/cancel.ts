import { DissectoryError } from '../../core/errors.ts';
import type { Job } from '../../prisma/generated/client.ts';
import { inTransaction } from '../transaction.ts';
import type { JobQueue } from './open.ts';
import { queueOf } from './settings.ts';
import { dropSteps } from './steps.ts';

/**
 * Cancels a job that waits or runs. A worker that is at it hears of it within a second and stops after the chunk it is
 * in; what it has stored by then stays. A job that has ended is left as it is.
 *
 * @throws NOT_FOUND, CONFLICT where it is a shard of another job
 */
export async function cancelJob(queue: JobQueue, id: number): Promise<Job> {
  const { store, boss } = queue;
  const { parentId } = await findJob(store, id);
  if (parentId !== null) throw new DissectoryError('CONFLICT', `Job ${id} is a shard of job ${parentId}: cancel that one.`);
  const cancelled = await inTransaction(store.pool, async (client) => {
    const { rows } = await client.query<Pick<Job, 'kind' | 'payload' | 'worker' | 'delivery'>>(
      `UPDATE jobs SET state = 'CANCELLED', finished_at = now(), phase = NULL
       WHERE id = $1 AND state IN ('WAITING', 'RUNNING') RETURNING kind, payload, worker, delivery`,
      [id],
    );
    if (rows.length > 0) await dropSteps(queue, client, id);
    return rows;
  });
  // Of a job that runs, the worker ends the delivery itself
  for (const idle of cancelled.filter(({ worker }) => worker === null)) await boss.cancel(queueOf(idle), idle.delivery);
  return findJob(store, id);
}

/** Throws NOT_FOUND. */
export async function findJob(store: JobQueue['store'], id: number): Promise<Job> {
  const job = await store.prisma.job.findUnique({ where: { id } });
  if (job) return job;
  throw new DissectoryError('NOT_FOUND', `There is no job ${id}: \`dissectory jobs\` lists those that exist.`);
}
