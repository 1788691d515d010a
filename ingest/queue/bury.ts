import type { JobWithMetadata } from 'pg-boss';
import type { Delivery } from '../../prisma/queue/enqueue.ts';
import type { JobQueue } from '../../prisma/queue/open.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import { log } from './log.ts';
import type { AnnounceEnd } from './webhook.ts';

/**
 * Marks a job as failed whose delivery was given up. Where a worker gave it up, the job says why already; where each worker that took it
 * died over it, nobody did so yet.
 */
export async function bury(
  queue: JobQueue,
  { data, sourceId, sourceRetryCount }: JobWithMetadata<Delivery>,
  announceEnd: AnnounceEnd,
): Promise<void> {
  const tries = (sourceRetryCount ?? 0) + 1;
  const message = `Every worker that took it died over it, ${tries} in all: look for what ended them (memory?), then \`dissectory jobs retry ${data.job}\`.`;
  await inTransaction(queue.store.pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE jobs SET state = 'FAILED', error_code = 'WORKER_LOST', error_message = $3, finished_at = now(), phase = NULL, worker = NULL
       WHERE id = $1 AND delivery = $2 AND state IN ('WAITING', 'RUNNING')`,
      [data.job, sourceId, message],
    );
    if (rowCount === 0) return;
    log.error({ job: data.job, tries }, 'job given up');
    await announceEnd(client, data.job);
  });
}
