import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type CountingRule, countsFor, nameHas } from '../../../store/results/counted-concepts.ts';
import { type UnitState, unitStateSql } from '../../../store/results/unit-states.ts';
import { anyOf, count, db, eachOf, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import type { UnitFilter, UnitOrder } from '../generated/schema.ts';
import { columnsOf, selectNode } from '../nodes/select-node.ts';
import { type ListValues, type UnitLists, unitListColumns } from '../nodes/unit-lists.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { UnitRow } from '../rows.ts';
import { and, only } from './filter.ts';
import { beyond, type OrderColumn, orderBy, type PageShape, type PageValues } from './keyset.ts';

const id: OrderColumn<UnitRow> = { sql: sql.ref('u.id'), type: 'int4', of: (unit) => unit.id };
const iou: OrderColumn<UnitRow> = { sql: sql.ref('u.iou'), type: 'float8', of: (unit) => unit.iou };
const index: OrderColumn<UnitRow> = { sql: sql.ref('u.index'), type: 'int4', of: (unit) => unit.index };

/** As the indexes of `units` run: equal IoUs by id. */
export const unitOrders: Orders<UnitOrder, UnitRow> = {
  IOU_DESC: { direction: 'DESC', columns: [iou, id] },
  IOU_ASC: { direction: 'ASC', columns: [iou, id] },
  INDEX_ASC: { direction: 'ASC', columns: [index, id] },
};

/** What a list of units is narrowed down to. */
export type UnitConditions = {
  /** Name; every concept of that name. */
  concept?: string | null;
  conceptId?: number | null;
  /** Any part of the concept's name, whatever its case. */
  search?: string | null;
  category?: string | null;
  /** Strictly above. */
  minIou?: number | null;
  /** By which a unit counts for a concept. */
  rule?: CountingRule | null;
} & { readonly [State in UnitState]?: boolean | null };

/** Over all models: the units of a dataset's current dissections in the units' own basis. */
export type DatasetUnitFilter = UnitConditions & Pick<UnitFilter, 'dataset' | 'models' | 'layers'> & { tau: number };

const CONCEPT = ['concept', 'conceptId', 'search', 'category'] as const;
type Given<Filter> = readonly (keyof Filter)[];

interface UnitsShape<Filter> {
  given: Given<Filter>;
  /** Of the filter. */
  rule: CountingRule;
  page: PageShape<UnitOrder>;
  wanted: Wanted | undefined;
  lists: UnitLists;
}

/** The same page of each of many dissections' units. */
export const unitsOfDissections = prepared<{ ids: readonly number[]; most: number } & UnitConditions & PageValues & ListValues>()(
  (args, { given, rule, page, wanted, lists }: UnitsShape<UnitConditions>) =>
    db
      .selectFrom(eachOf(args.ids))
      .crossJoinLateral(pageOfUnits(sql`u.dissection_id = x.id AND ${condition(args, given, rule)}`, page, args).as('u'))
      .select(columnsOf('Unit', wanted))
      .select(unitListColumns(lists, args))
      .orderBy(orderBy(unitOrders[page.order], page))
      .limit(args.most),
);

/** How many units of each dissection pass the filter; dissections without any are left out. */
export const unitCountsOfDissections = prepared<{ ids: readonly number[] } & UnitConditions>()(
  (args, { given, rule }: Pick<UnitsShape<UnitConditions>, 'given' | 'rule'>) =>
    db
      .selectFrom('units as u')
      .select(['u.dissection_id as dissectionId', count.as('count')])
      .where('u.dissection_id', '=', anyOf(args.ids, 'int4'))
      .where(condition(args, given, rule))
      .groupBy('u.dissection_id'),
);

/**
 * A page of units over all models.
 *
 * Where labels of named concepts are asked for it merges short runs, each read in order from an index of `units`: one a
 * concept; where models or layers are named, one a dissection. Else it goes along an index of all units and takes those
 * that pass. So no page sorts all units, however many there are.
 */
export const unitsOfDataset = prepared<DatasetUnitFilter & PageValues & ListValues>()(
  (args, { given, rule, page, wanted, lists }: UnitsShape<DatasetUnitFilter>) => {
    const order = unitOrders[page.order];
    // In brackets with IS TRUE it stays a look at each row's dissection, which keeps the order of the index; as a join
    // it would be sorted
    const ofDissections = sql<SqlBool>`(EXISTS (${dissectionsOf(args, given)} AND d.id = u.dissection_id)) IS TRUE`;
    const runs = (ids: RawBuilder<unknown>, condition: RawBuilder<SqlBool>) =>
      db
        .selectFrom(sql<{ id: number }>`(${ids})`.as('run'))
        .crossJoinLateral(pageOfUnits(condition, page, args).as('u'))
        .select(columnsOf('Unit', wanted))
        .select(unitListColumns(lists, args))
        .orderBy(orderBy(order, page))
        .limit(args.rows);
    if (namesLabels(given, rule)) {
      return runs(
        conceptsOf(args, given),
        sql`u.label_id = run.id AND ${ofDissections} AND ${condition(args, withoutConcept(given), rule)}`,
      );
    }
    if (page.order === 'INDEX_ASC' || given.includes('models') || given.includes('layers')) {
      return runs(dissectionsOf(args, given), sql`u.dissection_id = run.id AND ${condition(args, given, rule)}`);
    }
    return selectNode('Unit', wanted)
      .select(unitListColumns(lists, args))
      .where(sql<SqlBool>`${ofDissections} AND ${condition(args, given, rule)}`)
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/**
 * How many units over all models pass the filter. Arrays, because the planner misjudges a join of two subqueries by a
 * thousand.
 */
export const unitCountOfDataset = prepared<DatasetUnitFilter>()(
  (args, { given, rule }: Pick<UnitsShape<DatasetUnitFilter>, 'given' | 'rule'>) =>
    db
      .selectFrom('units as u')
      .select(count.as('count'))
      .where(sql<SqlBool>`u.dissection_id = ANY(ARRAY(${dissectionsOf(args, given)}))`)
      .where(
        namesLabels(given, rule)
          ? sql<SqlBool>`u.label_id = ANY(ARRAY(${conceptsOf(args, given)})) AND ${condition(args, withoutConcept(given), rule)}`
          : condition(args, given, rule),
      ),
);

/** A category alone has an index of its own. */
const namesLabels = (given: Given<DatasetUnitFilter>, rule: CountingRule): boolean =>
  rule !== 'PER_CATEGORY' && (given.includes('concept') || given.includes('conceptId') || given.includes('search'));

const withoutConcept = (given: Given<DatasetUnitFilter>): Given<DatasetUnitFilter> =>
  given.filter((name) => !CONCEPT.some((concept) => concept === name));

const pageOfUnits = (condition: RawBuilder<SqlBool>, page: PageShape<UnitOrder>, args: Placeholders<PageValues>) =>
  db
    .selectFrom('units as u')
    .selectAll('u')
    .where(condition)
    .where(beyond(unitOrders[page.order], page, args))
    .orderBy(orderBy(unitOrders[page.order], page))
    .limit(args.rows);

/** What does not say of which dissections the units are. */
function condition(args: Placeholders<UnitConditions>, given: Given<DatasetUnitFilter>, rule: CountingRule): RawBuilder<SqlBool> {
  const counted = ([...CONCEPT, 'minIou'] as const).filter((name) => given.includes(name));
  const states = (Object.keys(unitStateSql) as UnitState[]).filter((state) => given.includes(state));
  return and([
    countsFor({ ...only(args, counted), rule }),
    ...states.map((state) => sql<SqlBool>`${unitStateSql[state]} = ${args[state]}::boolean`),
  ]);
}

/** A name may stand in several categories: each is a concept. */
function conceptsOf(args: Placeholders<DatasetUnitFilter>, given: Given<DatasetUnitFilter>): RawBuilder<unknown> {
  const conditions = {
    concept: sql<SqlBool>`c.name = ${args.concept}`,
    conceptId: sql<SqlBool>`c.id = ${args.conceptId}::int`,
    search: nameHas(args.search),
    category: sql<SqlBool>`c.category = ${args.category}`,
  };
  const asked = CONCEPT.filter((name) => given.includes(name)).map((name) => conditions[name]);
  return sql`SELECT c.id FROM concepts c WHERE c.dataset_id = ${datasetOf(args.dataset)} AND ${and(asked)}`;
}

/** The current dissections in the units' own basis. */
function dissectionsOf(
  { dataset, tau, models, layers }: Placeholders<DatasetUnitFilter>,
  given: Given<DatasetUnitFilter>,
): RawBuilder<unknown> {
  const conditions = {
    models: sql<SqlBool>`d.layer_id IN (SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id WHERE m.slug = ANY(${models}::text[]))`,
    layers: sql<SqlBool>`d.layer_id IN (SELECT l.id FROM layers l WHERE l.name = ANY(${layers}::text[]))`,
  };
  const asked = (['models', 'layers'] as const).filter((name) => given.includes(name)).map((name) => conditions[name]);
  return sql`SELECT d.id FROM dissections d
    WHERE d.dataset_id = ${datasetOf(dataset)} AND d.current AND d.basis = 'IDENTITY' AND d.tau = ${tau}::float8 AND ${and(asked)}`;
}

const datasetOf = (slug: RawBuilder<unknown>): RawBuilder<unknown> => sql`(SELECT s.id FROM datasets s WHERE s.slug = ${slug})`;
