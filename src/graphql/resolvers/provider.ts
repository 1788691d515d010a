import { type Device, partsOfTarget, type Target } from '../../../core/targets.ts';
import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { targetOfModel } from '../../../store/queue/target.ts';
import type { Provider } from '../generated/resolvers.ts';

/**
 * Part of a job's payload: where it is to run, nothing where nobody said. Throws NOT_FOUND, BAD_INPUT: see
 * `targetOfModel`.
 */
export async function targetAsked(
  prisma: PrismaClient,
  model: string,
  provider: Provider | null | undefined,
): Promise<{ runsOn?: Target }> {
  if (provider == null) return {};
  return { runsOn: await targetOfModel(prisma, model, provider.toLowerCase().replace('_', '-') as Device) };
}

export const providerValue = (target: Target): Provider => partsOfTarget(target).device.toUpperCase().replace('-', '_') as Provider;
