import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import { type NamedBy, unitDissections } from '../../../store/results/unit-dissections.ts';
import type { RowBudget } from '../budget.ts';
import type { DissectionRow } from '../rows.ts';
import { columns, selectRows } from '../sql/select-rows.ts';
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

  /** By model: that of its deepest layer which has been dissected so; null where none has. */
  deepestDissection: loaderByArgs(async (ids, { dataset, tau }: CurrentDissectionArgs) => {
    const rows = await prisma.$queryRaw<(DissectionRow & { modelId: number })[]>(Prisma.sql`
      SELECT DISTINCT ON (l.model_id) ${columns.Dissection}, l.model_id AS "modelId"
      FROM layers l JOIN dissections d ON d.layer_id = l.id
      WHERE l.model_id = ANY(${ids}::int[]) AND d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})
        AND d.tau = ${tau}::float8 AND d.basis = 'IDENTITY' AND d.current
      ORDER BY l.model_id, l.index DESC, d.id DESC`);
    const byModel = new Map(rows.map((row) => [row.modelId, row]));
    return (id) => byModel.get(id) ?? null;
  }),

  /** The id of the dissection that says what a layer's units detect; null where there is none. */
  unitDissection: loaderByArgs(async (ids, args: NamedBy) => {
    const byLayer = new Map((await unitDissections(prisma, ids, args)).map(({ layerId, dissectionId }) => [layerId, dissectionId]));
    return (id) => byLayer.get(id) ?? null;
  }),
});
