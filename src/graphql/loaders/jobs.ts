import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { loaderOfLists } from './batch.ts';

export const createJobLoaders = (pool: Connection, budget: RowBudget) => ({
  dissectionsOfJob: loaderOfLists(
    async (ids) => budget.count(await dissectionsOfJobs(pool, { ids, most: budget.limit() })),
    ({ jobId }) => jobId,
  ),
});

const dissectionsOfJobs = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  selectNode('Dissection')
    .innerJoin('job_dissections as x', 'x.dissection_id', 'd.id')
    .select('x.job_id as jobId')
    .where('x.job_id', '=', anyOf(ids, 'int4'))
    .orderBy('d.id')
    .limit(most),
);
