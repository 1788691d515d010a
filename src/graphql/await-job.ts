import { DissectoryError, type ErrorCode } from '../../core/errors.ts';
import type { Context } from './context.ts';
import { ENDED, jobChanges } from './events.ts';
import type { JobRow } from './rows.ts';

const WAIT_SECONDS = 60;

/**
 * Waits for a short job, a minute at most.
 *
 * @throws what the job failed with, NO_WORKER where none took it in time or it is not done yet
 */
export async function endOfJob(context: Context, id: number): Promise<JobRow> {
  const changes = jobChanges(context, id);
  const tooLong = setTimeout(() => void changes.return(undefined), WAIT_SECONDS * 1000);
  let job: JobRow | null = null;
  try {
    for await (job of changes) if (ENDED.has(job.state)) break;
  } finally {
    clearTimeout(tooLong);
  }
  if (job?.state === 'DONE') return job;
  if (job?.state === 'FAILED') throw new DissectoryError(job.errorCode as ErrorCode, job.errorMessage ?? '');
  throw new DissectoryError(
    'NO_WORKER',
    job?.state === 'CANCELLED'
      ? `Job ${id} was cancelled.`
      : `No worker has done this within ${WAIT_SECONDS} s; it stays in the queue as job ${id}. See that one runs: \`dissectory worker\`.`,
  );
}
