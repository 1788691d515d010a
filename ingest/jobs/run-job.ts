import type { JobWithMetadata, JobResult as Settlement } from 'pg-boss';
import type { Delivery } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import type { JobTask } from '../../store/queue/payload.ts';
import { putBack } from '../../store/queue/put-back.ts';
import { releaseNext } from '../../store/queue/steps.ts';
import { inTransactionOf } from '../../store/queue/transaction.ts';
import { inTransaction } from '../../store/transaction.ts';
import { type ClaimedJob, claim, finish, giveBack, giveUp, type JobResult, writeFailure } from './claim.ts';
import { failureOf } from './job-failure.ts';
import { log } from './log.ts';
import { countJob } from './metrics.ts';
import { type ProgressWriter, progressWriter } from './progress.ts';
import type { AnnounceEnd } from './webhook.ts';

/** Does one kind of job. Throws what is wrong; the signal's reason where it was told to stop. */
export type JobWork = (
  task: JobTask,
  run: { job: ClaimedJob; signal: AbortSignal; report: ProgressWriter['report'] },
) => Promise<JobResult>;

export interface JobRunner {
  queue: JobQueue;
  /** Unique among workers. */
  name: string;
  /** Aborted when this worker is to stop: jobs in hand go back into the queue. */
  stopping: AbortSignal;
  work: JobWork;
  announceEnd: AnnounceEnd;
}

class JobLost extends Error {
  override readonly name = 'JobLost';
}

/**
 * Does what a delivery stands for, and says what is to become of the delivery. Throws where the store cannot be told of
 * it: it is tried again.
 */
export async function runJob(runner: JobRunner, delivered: JobWithMetadata<Delivery>): Promise<Settlement> {
  const { queue, name, stopping } = runner;
  const done: Settlement = { id: delivered.id, status: 'completed' };
  const job = await claim(queue.store, delivered.data.job, delivered.id, name);
  if (!job) return done;

  const logger = log.child({ job: job.id, kind: job.kind, attempt: job.attempts });
  logger.info({ payload: job.payload }, 'job begun');
  const lost = new AbortController();
  const progress = progressWriter(queue.store, job, () => lost.abort(new JobLost('the job is no longer this worker’s')));
  const signal = AbortSignal.any([stopping, lost.signal, delivered.signal]);
  const started = performance.now();
  const passed = () => Math.round(performance.now() - started) / 1000;
  try {
    signal.throwIfAborted();
    const result = await runner.work({ kind: job.kind, payload: job.payload } as unknown as JobTask, {
      job,
      signal,
      report: progress.report,
    });
    await settle(runner, delivered, job, result);
    countJob(job.kind, 'done', passed());
    logger.info({ seconds: passed(), ...result }, 'job done');
    return done;
  } catch (error) {
    if (lost.signal.aborted || delivered.signal.aborted) {
      logger.warn({ seconds: passed() }, 'job cancelled, or taken over by another worker');
      return done;
    }
    if (stopping.aborted) {
      await handBack(queue, delivered, job);
      logger.info({ seconds: passed() }, 'job handed back');
      return done;
    }
    return await failed(error);
  } finally {
    progress.stop();
  }

  async function failed(error: unknown): Promise<Settlement> {
    const { mayPass, ...failure } = failureOf(error, (job as ClaimedJob).id);
    const again = mayPass && delivered.retryCount < delivered.retryLimit;
    const isOurs = await inTransaction(queue.store.pool, async (client) => {
      if (again) return writeFailure(client, job as ClaimedJob, 'WAITING', failure);
      const ended = await giveUp(queue, client, job as ClaimedJob, failure);
      if (ended !== null) await runner.announceEnd(client, ended);
      return ended !== null;
    });
    if (!isOurs) {
      logger.warn({ seconds: passed(), err: error }, 'job cancelled, or taken over by another worker');
      return done;
    }
    countJob((job as ClaimedJob).kind, failure.code, passed());
    logger.error({ seconds: passed(), code: failure.code, err: error, again }, 'job failed');
    return { id: delivered.id, status: again ? 'failed' : 'deadletter', output: failure };
  }
}

/** The job's row and what stood for it in the queue end together. */
async function settle(
  { queue, announceEnd }: JobRunner,
  delivered: JobWithMetadata<Delivery>,
  job: ClaimedJob,
  result: JobResult,
): Promise<void> {
  await inTransaction(queue.store.pool, async (client) => {
    const ended = result.settle ? await result.settle(client) : (await finish(client, job, result)) ? job.id : null;
    if (ended !== null) await announceEnd(client, ended);
    await queue.boss.complete(delivered.name, delivered, null, inTransactionOf(client));
  });
  if (job.parentId !== null) await releaseNext(queue, delivered);
}

async function handBack(queue: JobQueue, delivered: JobWithMetadata<Delivery>, job: ClaimedJob): Promise<void> {
  await inTransaction(queue.store.pool, async (client) => {
    if (await giveBack(client, job)) await putBack(queue, client, delivered);
  });
}
