import { attendedQueues, waitingFor } from '../../../store/queue/waiting-for.ts';
import type { Context } from '../context.ts';
import type { JobRow } from '../rows.ts';

const asked = new WeakMap<Context, Promise<ReadonlySet<string>>>();

/** Asks who is at work once a request, however many jobs it lists. */
export async function waitingForOf(job: JobRow, context: Context): Promise<string | null> {
  if (job.state !== 'WAITING') return null;
  const attended = asked.get(context) ?? context.queue.open().then(attendedQueues);
  asked.set(context, attended);
  return waitingFor(job, await attended);
}
