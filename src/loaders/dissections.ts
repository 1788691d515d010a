import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import { DEFAULT_TAU } from '../defaults.ts';
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

  /** The newest current one in the units' own basis at the usual tau, whatever the dataset; null where there is none. */
  newestDissection: new DataLoader<number, DissectionRow | null>(async (ids) => {
    const rows = await prisma.$queryRaw<DissectionRow[]>(Prisma.sql`
      SELECT DISTINCT ON (d.layer_id) ${columns.Dissection} FROM dissections d
      WHERE d.layer_id = ANY(${ids}::int[]) AND d.tau = ${DEFAULT_TAU}::float8 AND d.basis = 'IDENTITY' AND d.current
      ORDER BY d.layer_id, d.created_at DESC, d.id DESC`);
    const byLayer = new Map(rows.map((row) => [row.layerId, row]));
    return ids.map((id) => byLayer.get(id) ?? null);
  }),
});
