import type { JobWithMetadata } from 'pg-boss';
import type { Delivery } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import { inTransaction } from '../../store/transaction.ts';
import { failSharded } from './claim.ts';
import { log } from './log.ts';
import type { AnnounceEnd } from './webhook.ts';

/**
 * Marks a job as failed whose delivery was given up. Where a worker gave it up, the job says why already; where each
 * worker that took it died over it, nobody did so yet.
 */
export async function bury(
  queue: JobQueue,
  { data, sourceId, sourceRetryCount }: JobWithMetadata<Delivery>,
  announceEnd: AnnounceEnd,
): Promise<void> {
  const tries = (sourceRetryCount ?? 0) + 1;
  await inTransaction(queue.store.pool, async (client) => {
    // A dissection's row is always locked before those of its shards
    const { rows: parents } = await client.query<{ id: number }>(
      'SELECT id FROM jobs WHERE id = (SELECT parent_id FROM jobs WHERE id = $1) FOR UPDATE',
      [data.job],
    );
    const asked = parents[0]?.id ?? data.job;
    const message = `Every worker that took it died over it, ${tries} in all: look for what ended them (memory?), then \`dissectory jobs retry ${asked}\`.`;
    const { rowCount } = await client.query(
      `UPDATE jobs SET state = 'FAILED', error_code = 'WORKER_LOST', error_message = $3, finished_at = now(), phase = NULL, worker = NULL
       WHERE id = $1 AND delivery = $2 AND state IN ('WAITING', 'RUNNING')`,
      [data.job, sourceId, message],
    );
    if (rowCount === 0) return;
    log.error({ job: data.job, tries }, 'job given up');
    const ended = asked === data.job ? asked : await failSharded(queue, client, asked, { code: 'WORKER_LOST', message });
    if (ended !== null) await announceEnd(client, ended);
  });
}
