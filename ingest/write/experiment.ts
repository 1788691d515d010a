import { keyAsSet } from '../../core/key.ts';
import type { ExperimentKind } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';

/**
 * Stores which dissections an experiment is made of, and gives its id. The same experiment again is the same row, with
 * the dissections given last.
 *
 * @param dissections ids of stored ones, all of one layer and dataset
 */
export async function writeExperiment(
  { prisma }: Store,
  kind: ExperimentKind,
  parameters: Record<string, number | string | number[]>,
  dissections: readonly { id: number }[],
): Promise<number> {
  const links = dissections.map(({ id }) => ({ dissectionId: id }));
  return prisma.$transaction(async (transaction) => {
    const { layerId, datasetId } = await transaction.dissection.findUniqueOrThrow({ where: { id: dissections[0].id } });
    const identity = { kind, layerId, datasetId, parameters };
    const key = keyAsSet(identity);
    const { id } = await transaction.experiment.upsert({
      where: { key },
      create: { ...identity, key, dissections: { create: links } },
      update: { dissections: { deleteMany: {}, create: links } },
    });
    return id;
  });
}
