import { DEFAULT_ALPHAS, DEFAULT_SEEDS, DEFAULT_TAU, DEFAULT_TAUS } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { ExperimentPayload } from '../../../store/queue/payload.ts';
import { enqueueAsked } from '../enqueue-asked.ts';
import type { ExperimentRequest, MutationResolvers, RotationRequest, TauSweepRequest } from '../generated/resolvers.ts';
import { targetAsked } from './provider.ts';
import { requirePriority } from './require-priority.ts';

/** Each is a dissection of its own in the store. */
const MAX_BASES = 200;
const MAX_TAUS = 50;

export const requestExperiment: MutationResolvers['requestExperiment'] = async (_, { input }, { queue, prisma }) => {
  const { model, dataset, layer, provider, priority = 0 } = input;
  requirePriority(priority);
  const varied = variation(input);
  const payload = { model, dataset, layer, ...varied, ...(await targetAsked(prisma, model, provider)) };
  return (await enqueueAsked(await queue.open(), { kind: 'EXPERIMENT', payload }, { priority })).job;
};

type Variation =
  | Omit<Extract<ExperimentPayload, { kind: 'ROTATION' }>, Where>
  | Omit<Extract<ExperimentPayload, { kind: 'TAU_SWEEP' }>, Where>;
type Where = 'model' | 'dataset' | 'layer' | 'runsOn';

/** Throws BAD_INPUT. */
function variation({ rotation, tauSweep }: ExperimentRequest): Variation {
  if (rotation && tauSweep) throw new DissectoryError('BAD_INPUT', 'Ask for a rotation or for a tauSweep, not for both in one experiment.');
  if (rotation) return rotationOf(rotation);
  if (tauSweep) return tauSweepOf(tauSweep);
  throw new DissectoryError(
    'BAD_INPUT',
    'Say what the experiment varies: give rotation or tauSweep; {} takes all that they leave open as it is described.',
  );
}

function rotationOf({ tau = DEFAULT_TAU, alphas = [...DEFAULT_ALPHAS], seeds = [...DEFAULT_SEEDS] }: RotationRequest): Variation {
  requireShares('tau', [tau]);
  const turned = alphas.filter((alpha) => alpha !== 0).length * seeds.length;
  if (alphas.length < 1 || seeds.length < 1 || turned > MAX_BASES) {
    throw new DissectoryError('BAD_INPUT', `alphas and seeds take one or more numbers each, alphas times seeds at most ${MAX_BASES}.`);
  }
  if (!alphas.every((alpha) => alpha >= 0 && alpha <= 1)) throw new DissectoryError('BAD_INPUT', 'Each of alphas must lie from 0 to 1.');
  if (!seeds.every((seed) => seed >= 0)) throw new DissectoryError('BAD_INPUT', 'Each of seeds must be a whole number from 0.');
  return { kind: 'ROTATION', tau, alphas: sortedOnce(alphas), seeds: sortedOnce(seeds) };
}

function tauSweepOf({ taus = [...DEFAULT_TAUS] }: TauSweepRequest): Variation {
  if (taus.length < 1 || taus.length > MAX_TAUS) throw new DissectoryError('BAD_INPUT', `taus takes 1 to ${MAX_TAUS} numbers.`);
  requireShares('Each of taus', taus);
  return { kind: 'TAU_SWEEP', taus: sortedOnce(taus) };
}

function requireShares(what: string, taus: readonly number[]): void {
  const wrong = taus.find((tau) => !(tau > 0 && tau < 1));
  if (wrong !== undefined) throw new DissectoryError('BAD_INPUT', `${what} must lie between 0 and 1, not ${wrong}.`);
}

/** So that the same experiment asked for in another order is the same job. */
function sortedOnce(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
