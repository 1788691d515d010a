import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { UnitChangeRow, VerdictRow } from '../rows.ts';

/** Of two layers, a unit and its two concepts, newest first. */
export const createVerdictLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  verdictsOfChange: new DataLoader<UnitChangeRow, VerdictRow[], string>(
    async (changes) => {
      const before = changes.map(({ beforeLayerId }) => beforeLayerId);
      const after = changes.map(({ afterLayerId }) => afterLayerId);
      const units = changes.map(({ unit }) => unit);
      const from = changes.map(({ fromId }) => fromId);
      const to = changes.map(({ toId }) => toId);
      const rows = await prisma.$queryRaw<VerdictRow[]>(Prisma.sql`
        SELECT v.id, v.before_layer_id AS "beforeLayerId", v.after_layer_id AS "afterLayerId", v.unit, v.from_id AS "fromId", v.to_id AS "toId",
          v.relation, v.author, v.created_at AS "createdAt"
        FROM verdicts v
        WHERE (v.before_layer_id, v.after_layer_id, v.unit, v.from_id, v.to_id) IN
          (SELECT * FROM unnest(${before}::int[], ${after}::int[], ${units}::int[], ${from}::int[], ${to}::int[]))
        ORDER BY v.created_at DESC, v.id DESC LIMIT ${budget.limit()}`);
      const found = budget.count(rows);
      return changes.map((change) => found.filter((verdict) => keyOf(verdict) === keyOf(change)));
    },
    { cacheKeyFn: keyOf },
  ),
});

function keyOf(one: Pick<UnitChangeRow, 'beforeLayerId' | 'afterLayerId' | 'unit' | 'fromId' | 'toId'>): string {
  return [one.beforeLayerId, one.afterLayerId, one.unit, one.fromId, one.toId].join();
}
