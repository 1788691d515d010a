import { Command, InvalidArgumentError, Option } from 'commander';
import type { Job } from '../../../prisma/generated/client.ts';
import { JobState } from '../../../prisma/generated/enums.ts';
import { cancelJob } from '../../../store/queue/cancel.ts';
import { openQueue } from '../../../store/queue/open.ts';
import { retryJob } from '../../../store/queue/retry.ts';
import { attendedQueues, waitingFor } from '../../../store/queue/waiting-for.ts';
import type { Store } from '../../../store/store.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { table } from '../terminal.ts';

export function jobsCommand(): Command {
  const list = new Command('list')
    .description('what workers were asked for, newest first, and how far it is; failed ones with the reason')
    .addOption(new Option('--state <state>', 'only these').choices(Object.keys(JobState).map((state) => state.toLowerCase())))
    .option('--limit <jobs>', 'at most', positive, 50)
    .action(({ state, limit }: { state?: string; limit: number }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const where = { parentId: null, ...(state !== undefined && { state: state.toUpperCase() as JobState }) };
        const include = { shards: { where: { state: JobState.RUNNING }, select: { worker: true } } };
        const jobs = await store.prisma.job.findMany({ where, orderBy: { id: 'desc' }, take: limit, include });
        const waiting = await whyWaiting(store, jobs);
        const told = jobs.map((job) => ({ ...job, waitingFor: waiting(job) }));
        terminal.result(told, jobTable(told));
      }),
    );
  const cancel = new Command('cancel')
    .description('cancel a job that waits or runs; what it has stored by then stays')
    .argument('<job>', 'its number', jobNumber)
    .action((id: number, _options: object, command: Command) => changed(command, id, cancelJob));
  const retry = new Command('retry')
    .description('try a job again that failed or was cancelled')
    .argument('<job>', 'its number', jobNumber)
    .action((id: number, _options: object, command: Command) => changed(command, id, retryJob));
  return new Command('jobs').description('the queue').addCommand(list, { isDefault: true }).addCommand(cancel).addCommand(retry);
}

function changed(command: Command, id: number, change: typeof cancelJob): Promise<void> {
  return withSession(command, async ({ store, terminal }) => {
    const queue = await openQueue(store, 'client');
    try {
      const job = await change(queue, id);
      terminal.result(job, `job ${job.id}: ${job.state.toLowerCase()}`);
    } finally {
      await queue.close();
    }
  });
}

/** Asks who is at work only where something waits. */
async function whyWaiting(store: Store, jobs: readonly Job[]): Promise<(job: Job) => string | null> {
  if (!jobs.some(({ state }) => state === 'WAITING')) return () => null;
  const queue = await openQueue(store, 'client');
  try {
    const attended = await attendedQueues(queue);
    return (job) => waitingFor(job, attended);
  } finally {
    await queue.close();
  }
}

/** @param jobs with the workers of those of their shards that run */
function jobTable(jobs: readonly (Job & { waitingFor: string | null; shards: Pick<Job, 'worker'>[] })[]): string {
  return table(
    ['JOB', 'KIND', 'STATE', 'WHAT', 'PHASE', 'IMAGES', 'RATE', 'LEFT', 'TRIES', 'WORKER', 'REASON'],
    jobs.map((job) => [
      job.id,
      job.kind.toLowerCase(),
      job.state.toLowerCase(),
      subject(job.payload as Record<string, unknown>),
      job.phase?.toLowerCase() ?? '',
      job.imageCount === null ? '' : `${job.imagesDone}/${job.imageCount}`,
      job.imagesPerSecond === null ? '' : `${job.imagesPerSecond.toFixed(1)}/s`,
      secondsLeft(job),
      job.attempts,
      job.worker ?? job.shards.map(({ worker }) => worker).join(' '),
      [job.errorCode && `${job.errorCode}: ${job.errorMessage}`, job.waitingFor].filter((text) => text !== null).join(' '),
    ]),
  );
}

function subject({ model, slug, series, place, dataset, layer, layers, runsOn }: Record<string, unknown>): string {
  const names = [model ?? slug ?? series, Array.isArray(layers) ? layers.join() : layer, dataset, place, runsOn];
  return names.filter((name) => name != null).join(' ');
}

function secondsLeft({ state, imagesDone, imageCount, imagesPerSecond }: Job): string {
  if (state !== 'RUNNING' || imagesDone === null || imageCount === null || !imagesPerSecond) return '';
  return `${Math.round((imageCount - imagesDone) / imagesPerSecond)} s`;
}

function jobNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a job, as `dissectory jobs` shows it.');
}
