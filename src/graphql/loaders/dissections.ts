import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { DissectionRow } from '../rows.ts';
import { columns, selectRows } from '../sql/select-rows.ts';
import { loaderByArgs, loaderOfLists } from './batch.ts';

interface CurrentDissectionArgs {
  /** Slug. */
  dataset: string;
  tau: number;
}

interface UnitDissectionArgs {
  /** Slug. */
  dataset: string | null;
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

  /**
   * The dissection that says what a layer's units detect: the newest current one in their own basis, over any dataset where none is named; null where there
   * is none. A layer that was dissected under another of its names is the same layer: it stands at the same place in the graph.
   */
  unitDissection: loaderByArgs(async (ids, { dataset, tau }: UnitDissectionArgs) => {
    const over = dataset === null ? Prisma.sql`TRUE` : Prisma.sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`;
    const rows = await prisma.$queryRaw<(DissectionRow & { askedId: number })[]>(Prisma.sql`
      SELECT DISTINCT ON (a.id) ${columns.Dissection}, a.id AS "askedId"
      FROM layers a
      JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count
      JOIN dissections d ON d.layer_id = l.id AND d.tau = ${tau}::float8 AND d.basis = 'IDENTITY' AND d.current AND ${over}
      WHERE a.id = ANY(${ids}::int[])
      ORDER BY a.id, d.created_at DESC, d.id DESC`);
    const byLayer = new Map(rows.map((row) => [row.askedId, row]));
    return (id) => byLayer.get(id) ?? null;
  }),
});
