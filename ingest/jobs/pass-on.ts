import { randomUUID } from 'node:crypto';
import type { JobWithMetadata } from 'pg-boss';
import type { Job } from '../../prisma/generated/client.ts';
import { type Delivery, deliver } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import { inTransaction } from '../../store/transaction.ts';

/** Puts a job back, untouched, that was delivered to a worker with no hand free: others hear of it at once. */
export async function passOn(queue: JobQueue, { id, data }: JobWithMetadata<Delivery>): Promise<void> {
  await inTransaction(queue.store.pool, async (client) => {
    const { rows } = await client.query<Pick<Job, 'id' | 'kind' | 'payload' | 'priority' | 'delivery'>>(
      `UPDATE jobs SET delivery = $3 WHERE id = $1 AND delivery = $2 AND state IN ('WAITING', 'RUNNING')
       RETURNING id, kind, payload, priority, delivery`,
      [data.job, id, randomUUID()],
    );
    if (rows.length > 0) await deliver(queue, client, rows[0]);
  });
}
