import { DissectoryError } from '../../core/errors.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/** Where the runtime of each kind of model can compute, best first. `tensorflow-gpu` and `tensorflow` are the packages tfjs-node-gpu and tfjs-node. */
export const PROVIDERS_OF = {
  ONNX: ['cuda', 'webgpu', 'cpu'],
  TFJS: ['tensorflow-gpu', 'tensorflow', 'webgpu', 'wasm', 'cpu'],
} as const;

type Format = keyof typeof PROVIDERS_OF;
export type ProviderName = (typeof PROVIDERS_OF)[Format][number];
/** Where a job is asked to run, such as `ONNX-cuda`: only workers take it that can. */
export type Place = { [F in Format]: `${F}-${(typeof PROVIDERS_OF)[F][number]}` }[Format];

export const PLACES: readonly Place[] = [
  ...PROVIDERS_OF.ONNX.map((provider) => `ONNX-${provider}` as const),
  ...PROVIDERS_OF.TFJS.map((provider) => `TFJS-${provider}` as const),
];

/** The other way round. */
export function partsOf(place: Place): { format: Format; provider: ProviderName } {
  const dash = place.indexOf('-');
  return { format: place.slice(0, dash) as Format, provider: place.slice(dash + 1) as ProviderName };
}

/**
 * Where a model runs on a provider.
 *
 * @param model slug
 * @throws NOT_FOUND, BAD_INPUT where models of its kind never run there
 */
export async function placeOf(prisma: PrismaClient, model: string, provider: ProviderName): Promise<Place> {
  const found = await prisma.model.findUnique({ where: { slug: model }, select: { format: true } });
  if (!found) throw new DissectoryError('NOT_FOUND', `There is no model "${model}": register it first, or see to the spelling.`);
  const place = PLACES.find((one) => one === `${found.format}-${provider}`);
  if (place) return place;
  if (found.format === 'TALLY')
    throw new DissectoryError('BAD_INPUT', `Model "${model}" has no file (its units came from a published tally): it runs nowhere.`);
  throw new DissectoryError(
    'BAD_INPUT',
    `"${model}" is a model for ${RUNTIMES[found.format]}, which knows no ${provider}: choose ${PROVIDERS_OF[found.format].join(', ')}.`,
  );
}

const RUNTIMES: Readonly<Record<Format, string>> = { ONNX: 'ONNX Runtime', TFJS: 'TensorFlow.js' };
