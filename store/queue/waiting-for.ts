import { partsOfTarget } from '../../core/targets.ts';
import type { Job } from '../../prisma/generated/client.ts';
import type { JobQueue } from './open.ts';
import { queueOf, targetOfPayload } from './settings.ts';

/** The queues that some worker looks after. One that was killed counts for 15 s more. */
export async function attendedQueues({ boss }: JobQueue): Promise<ReadonlySet<string>> {
  const live = (await boss.getInstances()).filter((instance) => instance.live);
  return new Set(live.flatMap(({ workers }) => workers.map(({ queue }) => queue)));
}

/** Why a job waits that nobody can do at the moment; null where somebody can, or it does not wait. */
export function waitingFor(job: Pick<Job, 'kind' | 'state' | 'payload'>, attended: ReadonlySet<string>): string | null {
  if (job.state !== 'WAITING' || attended.has(queueOf(job))) return null;
  const target = targetOfPayload(job.payload);
  if (attended.size === 0 || target === null) return 'No worker runs: start one with `dissectory worker`.';
  return `No worker that runs can compute on ${partsOfTarget(target).device}: start one where that opens, or ask without it.`;
}
