import { targetOfPayload } from '../../../store/queue/settings.ts';
import type { JobProgressResolvers, JobResolvers } from '../generated/resolvers.ts';
import type { JobRow } from '../rows.ts';
import { providerValue } from './provider.ts';
import { waitingForOf } from './waiting-for.ts';

export const Job: JobResolvers = {
  number: (job) => job.id,
  progress: (job) => (job.state === 'RUNNING' && job.phase !== null && job.imageCount !== null ? job : null),
  error: ({ errorCode, errorMessage }) => (errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' }),
  layers: (job) => payloadOf(job).layers ?? [payloadOf(job).layer ?? []].flat(),
  tau: (job) => payloadOf(job).tau ?? null,
  provider: (job) => {
    const target = targetOfPayload(job.payload);
    return target && providerValue(target);
  },
  waitingFor: (job, _, context) => waitingForOf(job, context),
  dissections: (job, _, { loaders }) => loaders.dissectionsOfJob.load(job.id),
};

export const JobProgress: JobProgressResolvers = {
  phase: ({ phase }) => phase ?? 'WAITING',
  imagesDone: ({ imagesDone }) => imagesDone ?? 0,
  imageCount: ({ imageCount }) => imageCount ?? 0,
  secondsLeft: ({ imagesDone, imageCount, imagesPerSecond }) =>
    imagesPerSecond ? ((imageCount ?? 0) - (imagesDone ?? 0)) / imagesPerSecond : null,
};

/** What is the same in the payloads of all kinds that have it. */
const payloadOf = (job: JobRow) => job.payload as { layers?: string[]; layer?: string; tau?: number };
