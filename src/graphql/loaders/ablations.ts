import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { anyOf, type Connection, db, eachOf, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import type { AblationOrder } from '../generated/schema.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

/** What is asked of a class of an ablation: its first units in an order. */
export interface AblatedUnitsKey {
  ablationId: number;
  /** Place of the class. */
  index: number;
  first: number;
  order: AblationOrder;
}

/**
 * All by ablation. The drops of a class lie in arrays as long as the layer: only what is asked for leaves the database.
 */
export const createAblationLoaders = (pool: Connection, budget: RowBudget) => ({
  /** In the head's order. */
  ablatedClasses: loaderOfLists(
    async (ids) => budget.count(await ablatedClasses(pool, { ids, most: budget.limit() })),
    ({ ablationId }) => ablationId,
  ),

  /** The classes that a unit matters most to. */
  unitEffects: loaderByArgs(async (ids, asked: { unit: number; first: number }) => {
    const rows = budget.count(await unitEffects(pool, { ids, ...asked, most: budget.limit() }));
    return listsBy(rows, ({ ablationId }) => ablationId);
  }),

  /** By key: the units that matter most to a class. */
  ablatedUnits: new DataLoader(
    async (keys: readonly AblatedUnitsKey[]) => {
      const rows = await ablatedUnits(pool, {
        ablations: keys.map(({ ablationId }) => ablationId),
        classes: keys.map(({ index }) => index),
        firsts: keys.map(({ first }) => first),
        orders: keys.map(({ order }) => order),
        most: budget.limit(),
      });
      const unitsOf = listsBy(budget.count(rows), ({ key }) => key);
      return keys.map((_, place) => unitsOf(place + 1));
    },
    { cacheKeyFn: (key) => JSON.stringify(key) },
  ),
});

const ablatedClasses = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  db
    .selectFrom('ablation_classes as n')
    .innerJoin('ablations as a', 'a.id', 'n.ablation_id')
    .select(['n.ablation_id as ablationId', 'a.layer_id as layerId', 'n.index', 'n.name', 'n.image_count as imageCount'])
    .where('n.ablation_id', '=', anyOf(ids, 'int4'))
    .orderBy('n.index')
    .limit(most),
);

const unitEffects = prepared<{ ids: readonly number[]; unit: number; first: number; most: number }>()(({ ids, unit, first, most }) =>
  db
    .selectFrom(eachOf(ids))
    .crossJoinLateral((eb) =>
      eb
        .selectFrom('ablation_classes as n')
        .select(['n.ablation_id as ablationId', 'n.name as class', 'n.index', 'n.image_count as imageCount'])
        .select([
          sql<number>`n.score_drops[${unit}::int + 1]`.as('scoreDrop'),
          sql<number>`n.accuracy_drops[${unit}::int + 1]`.as('accuracyDrop'),
        ])
        .whereRef('n.ablation_id', '=', 'x.id')
        .where(sql<boolean>`n.score_drops[${unit}::int + 1] IS NOT NULL`)
        .orderBy('scoreDrop', 'desc')
        .orderBy('n.index')
        .limit(first)
        .as('n'),
    )
    .select(['n.ablationId', 'n.class', 'n.imageCount', 'n.scoreDrop', 'n.accuracyDrop'])
    .orderBy('n.ablationId')
    .orderBy('n.scoreDrop', 'desc')
    .orderBy('n.index')
    .limit(most),
);

interface AskedUnits {
  ablations: readonly number[];
  classes: readonly number[];
  firsts: readonly number[];
  orders: readonly AblationOrder[];
  most: number;
}

/** `key`: place of what a row answers, from 1. */
const ablatedUnits = prepared<AskedUnits>()(({ ablations, classes, firsts, orders, most }) =>
  db
    .selectFrom(
      sql<{ ablation: number; class: number; first: number; by: AblationOrder; key: number }>`
        unnest(${ablations}::int[], ${classes}::int[], ${firsts}::int[], ${orders}::text[]) WITH ORDINALITY`.as<'k'>(
        sql`k(ablation, class, first, by, key)`,
      ),
    )
    .innerJoin('ablation_classes as n', (join) => join.onRef('n.ablation_id', '=', 'k.ablation').onRef('n.index', '=', 'k.class'))
    .crossJoinLateral(
      sql<{ score: number; accuracy: number; place: number; drop: number }>`(
        SELECT u.*, CASE k.by WHEN 'SCORE_DROP' THEN u.score ELSE u.accuracy END AS drop
        FROM unnest(n.score_drops, n.accuracy_drops) WITH ORDINALITY AS u(score, accuracy, place)
        ORDER BY drop DESC, u.place LIMIT k.first)`.as('u'),
    )
    .select([sql<number>`k.key::int`.as('key'), sql<number>`(u.place - 1)::int`.as('unitIndex')])
    .select(['u.score as scoreDrop', 'u.accuracy as accuracyDrop'])
    .orderBy('k.key')
    .orderBy('u.drop', 'desc')
    .orderBy('u.place')
    .limit(most),
);
