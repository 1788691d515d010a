import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { rowOf } from '../../../core/ids.ts';
import { cancelJob } from '../../../store/queue/cancel.ts';
import { retryJob } from '../../../store/queue/retry.ts';
import { endOfJob } from '../await-job.ts';
import { enqueueAsked } from '../enqueue-asked.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';
import { targetAsked } from './provider.ts';
import { requestExperiment } from './request-experiment.ts';
import { requireLayersAndTau } from './require-layers.ts';
import { requirePriority } from './require-priority.ts';

const MAX_SHARDS = 1000;
const MAX_TEXT = 4096;

type JobMutations = Pick<
  MutationResolvers,
  'requestDissection' | 'requestExperiment' | 'cancelJob' | 'retryJob' | 'registerModel' | 'registerDataset'
>;

export const jobMutations: JobMutations = {
  async requestDissection(_, { input }, { queue, prisma }) {
    const { model, dataset, layers = ['all'], tau = DEFAULT_TAU, shards = 1, provider, priority = 0 } = input;
    requireLayersAndTau(layers, tau);
    requirePriority(priority);
    if (shards < 1 || shards > MAX_SHARDS)
      throw new DissectoryError('BAD_INPUT', `shards must lie between 1 and ${MAX_SHARDS}, not ${shards}.`);
    const runsOn = await targetAsked(prisma, model, provider);
    const payload = { model, dataset, layers: [...layers], tau, ...(shards > 1 && { shards }), ...runsOn };
    return (await enqueueAsked(await queue.open(), { kind: 'DISSECT', payload }, { priority })).job;
  },

  requestExperiment,

  cancelJob: async (_, { id }, { queue }) => cancelJob(await queue.open(), rowOf('Job', id)),

  retryJob: async (_, { id }, { queue }) => retryJob(await queue.open(), rowOf('Job', id)),

  async registerModel(_, { input }, context) {
    const { job } = await enqueueAsked(await context.queue.open(), { kind: 'REGISTER_MODEL', payload: stated(input) });
    const { modelId } = await endOfJob(context, job.id);
    return context.loaders.node.Model.load(modelId as number);
  },

  async registerDataset(_, { input }, context) {
    const { job } = await enqueueAsked(await context.queue.open(), { kind: 'REGISTER_DATASET', payload: stated(input) });
    const { datasetId } = await endOfJob(context, job.id);
    return context.loaders.node.Dataset.load(datasetId as number);
  },
};

type Stated<Input> = { [Name in keyof Input]: Exclude<Input[Name], null> };

/** An input without what is null. Throws BAD_INPUT where a text is longer than any path or name. */
function stated<Input extends object>(input: Input): Stated<Input> {
  const entries = Object.entries(input).filter(([, value]) => value != null);
  const long = entries.find(([, value]) => typeof value === 'string' && value.length > MAX_TEXT);
  if (long) throw new DissectoryError('BAD_INPUT', `${long[0]} is longer than ${MAX_TEXT} characters.`);
  return Object.fromEntries(entries) as Stated<Input>;
}
