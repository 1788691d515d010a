import { enqueue } from '../../store/queue/enqueue.ts';
import { openQueue } from '../../store/queue/open.ts';
import type { JobRequest } from '../../store/queue/payload.ts';
import type { Session } from './session.ts';

/** Puts a job into the queue and says its number. Throws what `enqueue` throws. */
export async function askWorker({ store, terminal }: Session, request: JobRequest, priority = 0): Promise<void> {
  const queue = await openQueue(store, 'client');
  try {
    const { job, created } = await enqueue(queue, request, { priority });
    terminal.result({ job: job.id, created }, `job ${job.id}${created ? '' : ' (asked for already)'}`);
  } finally {
    await queue.close();
  }
}
