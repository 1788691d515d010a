import { hostname } from 'node:os';
import type { JobWithMetadata } from 'pg-boss';
import type { Delivery } from '../../store/queue/enqueue.ts';
import { openQueue } from '../../store/queue/open.ts';
import type { JobRequest } from '../../store/queue/payload.ts';
import { putBack } from '../../store/queue/put-back.ts';
import { DEAD, queueOfTarget, SCHEDULED, WEBHOOKS } from '../../store/queue/settings.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { sweepWork } from '../dissection/sweep-work.ts';
import { targetsHere } from '../engine/targets-here.ts';
import { openedLayers } from '../heads/features/opened-layers.ts';
import { askAgain } from './ask-again.ts';
import { bury } from './bury.ts';
import { keptRun } from './divided/opened.ts';
import { log } from './log.ts';
import { runJob } from './run-job.ts';
import { newSlots } from './slots.ts';
import { type AnnounceEnd, enqueueWebhook, postWebhook, type Webhook } from './webhook.ts';
import { jobWork, type WorkSettings } from './work.ts';

export interface WorkerOptions extends WorkSettings {
  /** Dissections at the same time. */
  concurrency: number;
  /** null: nobody wants to hear of ended dissections. */
  webhook: Webhook | null;
}

export interface RunningWorker {
  name: string;
  /** Takes no more jobs, lets those in hand come to the end of their chunk, and puts them back into the queue. */
  stop(): Promise<void>;
}

/** What is tried again after a while is not announced: it is looked for. */
const POLL_SECONDS = 1;
const SWEEP_EVERY_MS = 6 * 60 * 60 * 1000;

/**
 * Works off the queue of a store, together with any number of others, until it is stopped. It takes only what it can
 * do: dissections that are to run somewhere go to those workers for which that opens.
 *
 * @throws BAD_INPUT where a target that it is to use does not open
 */
export async function startWorker(store: Store, { concurrency, webhook, ...asked }: WorkerOptions): Promise<RunningWorker> {
  const name = `${hostname()}:${process.pid}`;
  const { targets, passedOver } = await targetsHere(asked.targets);
  const settings = { ...asked, targets };
  const queue = await openQueue(store, 'worker', (error) => log.warn({ reason: error.message }, 'queue'));
  const { boss } = queue;
  const stopping = new AbortController();
  const announceEnd: AnnounceEnd = webhook ? (client, job) => enqueueWebhook(queue, client, job) : async () => {};
  const opened = openedLayers(store, { targets });
  const kept = keptRun();
  const dissections = ['dissections', ...targets.map(queueOfTarget)];
  const slots = newSlots(concurrency);
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref();
  sweep();
  const runner = { queue, name, stopping: stopping.signal, work: jobWork(queue, opened, kept, settings), announceEnd };
  try {
    await takeJobs();
  } catch (error) {
    clearInterval(sweeping);
    await queue.close(); // it would keep a process alive that takes no jobs
    throw error;
  }
  log.info({ worker: name, concurrency, targets, passedOver }, 'worker waits for jobs');

  return {
    name,
    async stop() {
      log.info({ worker: name }, 'worker stops');
      clearInterval(sweeping);
      stopping.abort(new Error('the worker is told to stop'));
      for (const one of [...dissections, 'errands', 'explanations', DEAD, SCHEDULED, ...(webhook ? [WEBHOOKS] : [])]) {
        await boss.offWork(one, { wait: true });
      }
      await opened.close();
      await kept.close();
      await queue.close();
    },
  };

  function sweep(): void {
    sweepWork(store, settings.home).then(
      (folders) => folders.length > 0 && log.info({ folders }, 'removed abandoned work'),
      (error: Error) => log.warn({ reason: error.message }, 'abandoned work could not be looked for'),
    );
  }

  async function takeJobs(): Promise<void> {
    const poll = { pollingIntervalSeconds: POLL_SECONDS, notifyPollingIntervalSeconds: POLL_SECONDS };
    const settled = { ...poll, includeMetadata: true, perJobResults: true } as const;
    for (const one of [...dissections, 'errands', 'explanations']) {
      const isLong = dissections.includes(one);
      const options = { ...settled, localConcurrency: isLong ? concurrency : 1 };
      let looker = '';
      looker = await boss.work(one, options, async ([delivered]: JobWithMetadata<Delivery>[]) => {
        if (isLong && !slots.take()) {
          await inTransaction(store.pool, (client) => putBack(queue, client, delivered));
          await slots.freed();
          boss.notifyWorker(looker);
          return [{ id: delivered.id, status: 'completed' }];
        }
        const settlement = await runJob(runner, delivered).finally(() => isLong && slots.give());
        boss.notifyWorker(looker); // looks for the next job at once, not at the next poll
        return [settlement];
      });
    }
    await boss.work(DEAD, { ...poll, includeMetadata: true } as const, ([delivered]: JobWithMetadata<Delivery>[]) =>
      bury(queue, delivered, announceEnd),
    );
    await boss.work<JobRequest>(SCHEDULED, poll, ([{ data }]) => askAgain(queue, data));
    if (webhook)
      await boss.work(WEBHOOKS, settled, async ([delivered]: JobWithMetadata<{ job: number }>[]) => [
        await postWebhook(store, webhook, delivered),
      ]);
  }
}
