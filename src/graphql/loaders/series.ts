import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import { finalLabels, type SeriesLayer } from '../../../store/results/final-labels.ts';
import type { RowBudget } from '../budget.ts';
import { selectRows } from '../sql/select-rows.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

export const createSeriesLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** The models of each series by iteration; those without one last. */
  checkpointsOfSeries: loaderOfLists(
    async (ids) => {
      const ofSeries = Prisma.sql`m.series_id = ANY(${ids}::int[]) ORDER BY m.iteration, m.id LIMIT ${budget.limit()}`;
      return budget.count(await selectRows(prisma, 'Model', ofSeries));
    },
    (model) => model.seriesId as number,
  ),

  /** By series, units in their order. */
  finalLabels: loaderByArgs(async (ids, layer: SeriesLayer) =>
    listsBy(budget.count(await finalLabels(prisma, ids, layer)), ({ seriesId }) => seriesId),
  ),
});
