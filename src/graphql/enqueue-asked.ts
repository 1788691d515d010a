import { DissectoryError } from '../../core/errors.ts';
import { type EnqueueOptions, enqueue } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import type { JobRequest } from '../../store/queue/payload.ts';

/** That wait at the same time, steps of divided dissections apart: months of work for a worker. */
const MAX_WAITING = 10_000;

/**
 * `enqueue` for those who ask from outside. Throws RATE_LIMITED where so many jobs wait that one more would only be
 * forgotten.
 */
export async function enqueueAsked(queue: JobQueue, request: JobRequest, options?: EnqueueOptions): ReturnType<typeof enqueue> {
  const waiting = await queue.store.prisma.job.count({ where: { state: 'WAITING', parentId: null } });
  if (waiting < MAX_WAITING) return enqueue(queue, request, options);
  throw new DissectoryError('RATE_LIMITED', `${waiting} jobs wait already, more than are taken: cancel some, or start more workers.`);
}
