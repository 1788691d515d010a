import { enqueue } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import type { JobRequest } from '../../store/queue/payload.ts';

/**
 * Asks for what a schedule says. Of looks that are done already only the last is remembered: a watched folder has one a
 * minute.
 */
export async function askAgain(queue: JobQueue, request: JobRequest): Promise<void> {
  const { job } = await enqueue(queue, request);
  if (job.kind !== 'SCAN') return;
  const done = { kind: job.kind, key: job.key, state: 'DONE' as const };
  const last = await queue.store.prisma.job.findFirst({ where: done, orderBy: { id: 'desc' } });
  if (last) await queue.store.prisma.job.deleteMany({ where: { ...done, id: { lt: last.id } } });
}
