import { targetOfPayload } from '../../../store/queue/settings.ts';
import type { JobProgressResolvers, JobResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';
import type { JobRow } from '../rows.ts';
import { providerValue } from './provider.ts';
import { waitingForOf } from './waiting-for.ts';

export const Job: JobResolvers = {
  id: (job) => globalId('Job', job.id),
  number: (job) => job.id,
  progress: (job) => (job.state === 'RUNNING' && job.phase !== null && job.imageCount !== null ? job : null),
  error: ({ errorCode, errorMessage }) => (errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' }),
  model: (job, _, { loaders }) => (job.modelId === null ? null : loaders.node.Model.load(job.modelId)),
  dataset: (job, _, { loaders }) => (job.datasetId === null ? null : loaders.node.Dataset.load(job.datasetId)),
  layers: (job) => payloadOf(job).layers ?? [payloadOf(job).layer ?? []].flat(),
  tau: (job) => payloadOf(job).tau ?? null,
  provider: (job) => {
    const target = targetOfPayload(job.payload);
    return target && providerValue(target);
  },
  waitingFor: (job, _, context) => waitingForOf(job, context),
  dissections: (job, _, { loaders }) => loaders.dissectionsOfJob.load(job.id),
  experiment: (job, _, { loaders }) => (job.experimentId === null ? null : loaders.node.Experiment.load(job.experimentId)),
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
