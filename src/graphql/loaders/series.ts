import { finalLabels, type SeriesLayer } from '../../../store/results/final-labels.ts';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

export const createSeriesLoaders = (pool: Connection, budget: RowBudget) => ({
  /** The models of each series by iteration; those without one last. */
  checkpointsOfSeries: loaderOfLists(
    async (ids) => budget.count(await checkpointsOfSeries(pool, { ids, most: budget.limit() })),
    (model) => model.seriesId as number,
  ),

  /** By series, units in their order. */
  finalLabels: loaderByArgs(async (ids, layer: SeriesLayer) =>
    listsBy(budget.count(await finalLabels(pool, ids, layer)), ({ seriesId }) => seriesId),
  ),
});

const checkpointsOfSeries = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  selectNode('Model').where('m.series_id', '=', anyOf(ids, 'int4')).orderBy('m.iteration').orderBy('m.id').limit(most),
);
