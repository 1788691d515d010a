import { DissectoryError } from '../errors.ts';
import type { Job } from '../generated/client.ts';
import type { JobQueue } from './open.ts';
import { QUEUE_OF } from './settings.ts';

/**
 * Cancels a job that waits or runs. A worker that is at it hears of it within a second and stops after the chunk it is in;
 * what it has stored by then stays. A job that has ended is left as it is.
 *
 * @throws NOT_FOUND
 */
export async function cancelJob({ store, boss }: JobQueue, id: number): Promise<Job> {
  const { count } = await store.prisma.job.updateMany({
    where: { id, state: { in: ['WAITING', 'RUNNING'] } },
    data: { state: 'CANCELLED', finishedAt: new Date(), phase: null },
  });
  const job = await findJob(store, id);
  // Of a job that runs, the worker ends the delivery itself.
  if (count > 0 && job.worker === null) await boss.cancel(QUEUE_OF[job.kind], job.delivery);
  return job;
}

/** Throws NOT_FOUND. */
export async function findJob(store: JobQueue['store'], id: number): Promise<Job> {
  const job = await store.prisma.job.findUnique({ where: { id } });
  if (job) return job;
  throw new DissectoryError('NOT_FOUND', `There is no job ${id}: \`dissectory jobs\` lists those that exist.`);
}
