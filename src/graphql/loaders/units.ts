import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { anyOf, type Connection, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import type { UnitOrder } from '../generated/schema.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { ListValues, UnitLists } from '../nodes/unit-lists.ts';
import { type Wanted, withInstants } from '../nodes/wanted.ts';
import { given } from '../sql/filter.ts';
import { type Page, shapeOf, valuesOf } from '../sql/keyset.ts';
import { type UnitConditions, unitCountsOfDissections, unitsOfDissections } from '../sql/units.ts';
import { countsBy, listsBy, loaderByArgs, onesBy } from './batch.ts';

interface UnitPageArgs {
  filter: UnitConditions;
  page: Page<UnitOrder>;
  wanted?: Wanted;
  lists: UnitLists;
  values: ListValues;
}

interface UnitPlace {
  dissectionId: number;
  index: number;
}

/** All by dissection. */
export const createUnitLoaders = (pool: Connection, budget: RowBudget) => ({
  /** One row more than the page's limit where there is one. */
  unitPage: loaderByArgs(async (ids, { filter, page, wanted, lists, values }: UnitPageArgs) => {
    const sent = { ids, most: budget.limit(), ...filter, ...valuesOf(page), ...values };
    const rows = await unitsOfDissections(pool, sent, {
      given: given(filter),
      rule: filter.rule ?? 'TOP_LABEL',
      page: shapeOf(page),
      wanted,
      lists,
    });
    return listsBy(budget.count(withInstants(rows, wanted)), (unit) => unit.dissectionId);
  }),

  unitCount: loaderByArgs(async (ids, filter: UnitConditions) => {
    const rows = await unitCountsOfDissections(pool, { ids, ...filter }, { given: given(filter), rule: filter.rule ?? 'TOP_LABEL' });
    return countsBy(rows.map(({ dissectionId, count }) => ({ id: dissectionId, count })));
  }),

  /** null where the layer has no unit of that index. */
  unitByIndex: loaderByArgs(async (ids, { index, wanted }: { index: number; wanted?: Wanted }) =>
    onesBy(withInstants(await unitsByIndex(pool, { ids, index }, { wanted }), wanted), ({ dissectionId }) => dissectionId),
  ),

  /** Any units of any dissections in one statement, where a list names many; null as above. */
  unitAt: new DataLoader(
    async (keys: readonly UnitPlace[]) => {
      const asked = { dissections: keys.map(({ dissectionId }) => dissectionId), indexes: keys.map(({ index }) => index) };
      const units = new Map(budget.count(await unitsAt(pool, asked)).map((row) => [placeOf(row), row]));
      return keys.map((key) => units.get(placeOf(key)) ?? null);
    },
    { cacheKeyFn: placeOf },
  ),
});

const unitsByIndex = prepared<{ ids: readonly number[]; index: number }>()(({ ids, index }, { wanted }: { wanted: Wanted | undefined }) =>
  selectNode('Unit', wanted).where('u.dissection_id', '=', anyOf(ids, 'int4')).where('u.index', '=', index),
);

const unitsAt = prepared<{ dissections: readonly number[]; indexes: readonly number[] }>()(({ dissections, indexes }) =>
  selectNode('Unit').where(sql<boolean>`(u.dissection_id, u.index) IN (SELECT * FROM unnest(${dissections}::int[], ${indexes}::int[]))`),
);

function placeOf({ dissectionId, index }: UnitPlace): string {
  return `${dissectionId}:${index}`;
}
