import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { type Connection, db, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import type { UnitChangeRow } from '../rows.ts';

/** Of two layers, a unit and its two concepts, newest first. */
export const createVerdictLoaders = (pool: Connection, budget: RowBudget) => ({
  verdictsOfChange: new DataLoader(
    async (changes: readonly UnitChangeRow[]) => {
      const rows = await verdictsOf(pool, {
        before: changes.map(({ beforeLayerId }) => beforeLayerId),
        after: changes.map(({ afterLayerId }) => afterLayerId),
        units: changes.map(({ unit }) => unit),
        from: changes.map(({ fromId }) => fromId),
        to: changes.map(({ toId }) => toId),
        most: budget.limit(),
      });
      const found = budget.count(rows);
      return changes.map((change) => found.filter((verdict) => keyOf(verdict) === keyOf(change)));
    },
    { cacheKeyFn: keyOf },
  ),
});

interface JudgedChanges {
  before: readonly number[];
  after: readonly number[];
  units: readonly number[];
  from: readonly (number | null)[];
  to: readonly (number | null)[];
  most: number;
}

const verdictsOf = prepared<JudgedChanges>()(({ before, after, units, from, to, most }) =>
  db
    .selectFrom('verdicts as v')
    .select(['v.id', 'v.before_layer_id as beforeLayerId', 'v.after_layer_id as afterLayerId', 'v.unit', 'v.from_id as fromId'])
    .select(['v.to_id as toId', 'v.relation', 'v.author', 'v.created_at as createdAt'])
    .where(
      sql<boolean>`(v.before_layer_id, v.after_layer_id, v.unit, v.from_id, v.to_id) IN
        (SELECT * FROM unnest(${before}::int[], ${after}::int[], ${units}::int[], ${from}::int[], ${to}::int[]))`,
    )
    .orderBy('v.created_at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(most),
);

function keyOf(one: Pick<UnitChangeRow, 'beforeLayerId' | 'afterLayerId' | 'unit' | 'fromId' | 'toId'>): string {
  return [one.beforeLayerId, one.afterLayerId, one.unit, one.fromId, one.toId].join();
}
