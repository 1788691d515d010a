import { DissectoryError } from '../../core/errors.ts';
import {
  type Device,
  ENGINE_DEVICES,
  ENGINE_FORMATS,
  type EngineFormat,
  partsOfTarget,
  type Target,
  targetsOf,
} from '../../core/targets.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

/**
 * The target at which a model runs on a device.
 *
 * @param slug of the model
 * @throws NOT_FOUND, BAD_INPUT where models of its kind never run there
 */
export async function targetOfModel(prisma: PrismaClient, slug: string, device: Device): Promise<Target> {
  const format = await formatOf(prisma, slug);
  const target = targetsOf(format).find((one) => partsOfTarget(one).device === device);
  if (target) return target;
  const { runtime, devices } = ENGINE_DEVICES[format];
  throw new DissectoryError('BAD_INPUT', `"${slug}" is a model for ${runtime}, which knows no ${device}: choose ${devices.join(', ')}.`);
}

/** Throws NOT_FOUND, BAD_INPUT where the model's engine is not that of the target. @param slug of the model */
export async function requireTarget(prisma: PrismaClient, slug: string, target: Target): Promise<void> {
  const format = await formatOf(prisma, slug);
  if (partsOfTarget(target).format === format) return;
  const choices = targetsOf(format).join(', ');
  throw new DissectoryError('BAD_INPUT', `"${slug}" is a model for ${ENGINE_DEVICES[format].runtime}: choose ${choices}, not ${target}.`);
}

async function formatOf(prisma: PrismaClient, slug: string): Promise<EngineFormat> {
  const found = await prisma.model.findUnique({ where: { slug }, select: { format: true } });
  if (!found) throw new DissectoryError('NOT_FOUND', `There is no model "${slug}": register it first, or see to the spelling.`);
  const format = ENGINE_FORMATS.find((one) => one === found.format);
  if (!format)
    throw new DissectoryError('BAD_INPUT', `Model "${slug}" has no file (its units came from a published tally): it runs nowhere.`);
  return format;
}
