import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import { type NamedBy, unitDissections } from '../../../store/results/unit-dissections.ts';
import type { RowBudget } from '../budget.ts';
import { selectRows } from '../sql/select-rows.ts';
import { loaderByArgs, loaderOfLists } from './batch.ts';

interface CurrentDissectionArgs {
  /** Slug. */
  dataset: string;
  tau: number;
}

/** All by layer. */
export const createDissectionLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** Newest first. */
  dissectionsOfLayer: loaderOfLists(
    async (ids) => {
      const ofLayers = Prisma.sql`d.layer_id = ANY(${ids}::int[]) ORDER BY d.created_at DESC, d.id DESC LIMIT ${budget.limit()}`;
      return budget.count(await selectRows(prisma, 'Dissection', ofLayers));
    },
    (dissection) => dissection.layerId,
  ),

  /** The current one in the units' own basis; null where the layer has not been dissected so. */
  currentDissection: loaderByArgs(async (ids, { dataset, tau }: CurrentDissectionArgs) => {
    const current = Prisma.sql`
      d.layer_id = ANY(${ids}::int[]) AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})
      AND d.tau = ${tau}::float8 AND d.basis = 'IDENTITY' AND d.current`;
    const byLayer = new Map((await selectRows(prisma, 'Dissection', current)).map((row) => [row.layerId, row]));
    return (id) => byLayer.get(id) ?? null;
  }),

  /** The id of the dissection that says what a layer's units detect; null where there is none. */
  unitDissection: loaderByArgs(async (ids, args: NamedBy) => {
    const byLayer = new Map((await unitDissections(prisma, ids, args)).map(({ layerId, dissectionId }) => [layerId, dissectionId]));
    return (id) => byLayer.get(id) ?? null;
  }),
});
