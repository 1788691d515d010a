import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { type Place, type ProviderName, partsOf, placeOf } from '../../../store/queue/place.ts';
import type { Provider } from '../generated/resolvers.ts';

/** Part of a job's payload: where it is to run, nothing where nobody said. Throws NOT_FOUND, BAD_INPUT: see `placeOf`. */
export async function placeAsked(prisma: PrismaClient, model: string, provider: Provider | null | undefined): Promise<{ runsOn?: Place }> {
  if (provider == null) return {};
  return { runsOn: await placeOf(prisma, model, provider.toLowerCase().replace('_', '-') as ProviderName) };
}

export const providerValue = (place: Place): Provider => partsOf(place).provider.toUpperCase().replace('-', '_') as Provider;
