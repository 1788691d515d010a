import { randomUUID } from 'node:crypto';
import { DissectoryError } from '../../core/errors.ts';
import type { Job } from '../../prisma/generated/client.ts';
import { inTransaction } from '../transaction.ts';
import { findJob } from './cancel.ts';
import { deliver } from './enqueue.ts';
import type { JobQueue } from './open.ts';

/**
 * Puts a job that failed or was cancelled into the queue again, with all its tries before it.
 *
 * @throws NOT_FOUND, CONFLICT where the job waits, runs or is done
 */
export async function retryJob(queue: JobQueue, id: number): Promise<Job> {
  const { state } = await findJob(queue.store, id);
  await inTransaction(queue.store.pool, async (client) => {
    const { rows } = await client.query<Pick<Job, 'id' | 'kind' | 'payload' | 'priority' | 'delivery'>>(
      `UPDATE jobs SET state = 'WAITING', delivery = $2, worker = NULL, error_code = NULL, error_message = NULL, finished_at = NULL,
         phase = NULL, images_done = NULL, image_count = NULL, images_per_second = NULL
       WHERE id = $1 AND state IN ('FAILED', 'CANCELLED') RETURNING id, kind, payload, priority, delivery`,
      [id, randomUUID()],
    );
    if (rows.length === 0)
      throw new DissectoryError('CONFLICT', `Job ${id} is ${state}: only one that failed or was cancelled can be tried again.`);
    await deliver(queue, client, rows[0]);
  });
  return findJob(queue.store, id);
}
