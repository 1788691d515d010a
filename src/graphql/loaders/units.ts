import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { Page } from '../connections.ts';
import type { UnitOrder } from '../generated/resolvers.ts';
import type { UnitRow } from '../rows.ts';
import { selectRows } from '../sql/select-rows.ts';
import { type UnitConditions, unitCountsOfDissections, unitsOfDissections } from '../sql/units.ts';
import { listsBy, loaderByArgs } from './batch.ts';

interface UnitPageArgs {
  filter: UnitConditions;
  page: Page<UnitOrder>;
}

interface UnitPlace {
  dissectionId: number;
  index: number;
}

/** All by dissection. */
export const createUnitLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** One row more than the page's limit where there is one. */
  unitPage: loaderByArgs(async (ids, { filter, page }: UnitPageArgs) => {
    const rows = await prisma.$queryRaw<UnitRow[]>(unitsOfDissections(ids, filter, page, budget.limit()));
    return listsBy(budget.count(rows), (unit) => unit.dissectionId);
  }),

  unitCount: loaderByArgs(async (ids, filter: UnitConditions) => {
    const rows = await prisma.$queryRaw<{ dissectionId: number; count: number }[]>(unitCountsOfDissections(ids, filter));
    const counts = new Map(rows.map(({ dissectionId, count }) => [dissectionId, count]));
    return (id) => counts.get(id) ?? 0;
  }),

  /** null where the layer has no unit of that index. */
  unitByIndex: loaderByArgs(async (ids, { index }: { index: number }) => {
    const rows = await selectRows(prisma, 'Unit', Prisma.sql`u.dissection_id = ANY(${ids}::int[]) AND u.index = ${index}`);
    const units = new Map(rows.map((row) => [row.dissectionId, row]));
    return (id) => units.get(id) ?? null;
  }),

  /** Any units of any dissections in one statement, where a list names many; null as above. */
  unitAt: new DataLoader<UnitPlace, UnitRow | null, string>(
    async (keys) => {
      const dissections = keys.map(({ dissectionId }) => dissectionId);
      const indexes = keys.map(({ index }) => index);
      const asked = Prisma.sql`(u.dissection_id, u.index) IN (SELECT * FROM unnest(${dissections}::int[], ${indexes}::int[]))`;
      const units = new Map(budget.count(await selectRows(prisma, 'Unit', asked)).map((row) => [placeOf(row), row]));
      return keys.map((key) => units.get(placeOf(key)) ?? null);
    },
    { cacheKeyFn: placeOf },
  ),
});

function placeOf({ dissectionId, index }: UnitPlace): string {
  return `${dissectionId}:${index}`;
}
