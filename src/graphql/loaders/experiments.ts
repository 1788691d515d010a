import { sql } from 'kysely';
import type { CountingRule } from '../../../store/results/counted-concepts.ts';
import { iouAgainstTau } from '../../../store/results/iou-against-tau.ts';
import { rotationPoints } from '../../../store/results/rotation.ts';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

interface RotationArgs {
  minIou: number;
  rule: CountingRule;
}

/** All by experiment. */
export const createExperimentLoaders = (pool: Connection, budget: RowBudget) => ({
  /** By tau, then alpha, then seed. */
  dissectionsOfExperiment: loaderOfLists(
    async (ids) => budget.count(await dissectionsOfExperiments(pool, { ids, most: budget.limit() })),
    ({ experimentId }) => experimentId,
  ),

  /** Alphas rising. */
  rotationPoints: loaderByArgs(async (ids, { minIou, rule }: RotationArgs) =>
    listsBy(await rotationPoints(pool, ids, minIou, rule), ({ experimentId }) => experimentId),
  ),

  /** Concepts in concept order, taus rising. */
  iouAgainstTau: loaderByArgs(async (ids, { unit }: { unit: number }) =>
    listsBy(budget.count(await iouAgainstTau(pool, ids, unit)), ({ experimentId }) => experimentId),
  ),
});

const dissectionsOfExperiments = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  selectNode('Dissection')
    .innerJoin('experiment_dissections as x', 'x.dissection_id', 'd.id')
    .select('x.experiment_id as experimentId')
    .where('x.experiment_id', '=', anyOf(ids, 'int4'))
    .orderBy('d.tau')
    .orderBy(sql`coalesce((d.basis_parameters->>'alpha')::float8, 0), (d.basis_parameters->>'seed')::float8`)
    .orderBy('d.id')
    .limit(most),
);
