import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { AblationOrder, UnitEffect } from '../generated/resolvers.ts';
import type { AblatedClassRow } from '../rows.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

/** What is asked of a class of an ablation: its first units in an order. */
export interface AblatedUnitsKey {
  ablationId: number;
  /** Place of the class. */
  index: number;
  first: number;
  order: AblationOrder;
}

interface AblatedUnit {
  /** Place of the key that it answers, from 1. */
  key: number;
  unitIndex: number;
  scoreDrop: number;
  accuracyDrop: number;
}

/** All by ablation. The drops of a class lie in arrays as long as the layer: only what is asked for leaves the database. */
export const createAblationLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** In the head's order. */
  ablatedClasses: loaderOfLists(
    async (ids) =>
      budget.count(
        await prisma.$queryRaw<AblatedClassRow[]>(Prisma.sql`
          SELECT n.ablation_id AS "ablationId", a.layer_id AS "layerId", n.index, n.name, n.image_count AS "imageCount"
          FROM ablation_classes n JOIN ablations a ON a.id = n.ablation_id
          WHERE n.ablation_id = ANY(${ids}::int[]) ORDER BY n.index LIMIT ${budget.limit()}`),
      ),
    ({ ablationId }) => ablationId,
  ),

  /** The classes that a unit matters most to. */
  unitEffects: loaderByArgs(async (ids, { unit, first }: { unit: number; first: number }) => {
    const rows = await prisma.$queryRaw<(UnitEffect & { ablationId: number })[]>(Prisma.sql`
      SELECT n."ablationId", n.class, n."imageCount", n."scoreDrop", n."accuracyDrop"
      FROM unnest(${ids}::int[]) AS a(id)
      CROSS JOIN LATERAL (
        SELECT n.ablation_id AS "ablationId", n.name AS class, n.index, n.image_count AS "imageCount",
          n.score_drops[${unit}::int + 1] AS "scoreDrop", n.accuracy_drops[${unit}::int + 1] AS "accuracyDrop"
        FROM ablation_classes n
        WHERE n.ablation_id = a.id AND n.score_drops[${unit}::int + 1] IS NOT NULL
        ORDER BY "scoreDrop" DESC, n.index LIMIT ${first}) n
      ORDER BY n."ablationId", n."scoreDrop" DESC, n.index LIMIT ${budget.limit()}`);
    return listsBy(budget.count(rows), ({ ablationId }) => ablationId);
  }),

  /** By key: the units that matter most to a class. */
  ablatedUnits: new DataLoader<AblatedUnitsKey, AblatedUnit[], string>(
    async (keys) => {
      const ablations = keys.map(({ ablationId }) => ablationId);
      const classes = keys.map(({ index }) => index);
      const firsts = keys.map(({ first }) => first);
      const orders = keys.map(({ order }) => order);
      const rows = await prisma.$queryRaw<AblatedUnit[]>(Prisma.sql`
        SELECT k.key::int AS key, (u.place - 1)::int AS "unitIndex", u.score AS "scoreDrop", u.accuracy AS "accuracyDrop"
        FROM unnest(${ablations}::int[], ${classes}::int[], ${firsts}::int[], ${orders}::text[])
          WITH ORDINALITY AS k(ablation, class, first, by, key)
        JOIN ablation_classes n ON n.ablation_id = k.ablation AND n.index = k.class
        CROSS JOIN LATERAL (
          SELECT u.*, CASE k.by WHEN 'SCORE_DROP' THEN u.score ELSE u.accuracy END AS drop
          FROM unnest(n.score_drops, n.accuracy_drops) WITH ORDINALITY AS u(score, accuracy, place)
          ORDER BY drop DESC, u.place LIMIT k.first) u
        ORDER BY k.key, u.drop DESC, u.place LIMIT ${budget.limit()}`);
      const unitsOf = listsBy(budget.count(rows), ({ key }) => key);
      return keys.map((_, place) => unitsOf(place + 1));
    },
    { cacheKeyFn: (key) => JSON.stringify(key) },
  ),
});
