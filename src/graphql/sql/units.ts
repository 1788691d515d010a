import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import { type CountedFilter, countsFor, nameHas } from '../../../store/results/counted-concepts.ts';
import { type UnitState, unitStateSql } from '../../../store/results/unit-states.ts';
import type { Orders, Page } from '../connections.ts';
import type { UnitFilter, UnitOrder } from '../generated/resolvers.ts';
import type { UnitRow } from '../rows.ts';
import { beyond, type OrderColumn, orderBy } from './keyset.ts';
import { columns } from './select-rows.ts';

const id: OrderColumn<UnitRow> = { sql: Prisma.sql`u.id`, type: 'int4', of: (unit) => unit.id };
const iou: OrderColumn<UnitRow> = { sql: Prisma.sql`u.iou`, type: 'float8', of: (unit) => unit.iou };
const index: OrderColumn<UnitRow> = { sql: Prisma.sql`u.index`, type: 'int4', of: (unit) => unit.index };

/** What a list of units is narrowed down to. */
export type UnitConditions = CountedFilter & { readonly [State in UnitState]?: boolean | null };

export type DatasetUnitFilter = UnitConditions & Partial<Pick<UnitFilter, 'tau' | 'models' | 'layers'>>;

/** As the indexes of `units` run: equal IoUs by id. */
export const unitOrders: Orders<UnitOrder, UnitRow> = {
  IOU_DESC: { direction: 'DESC', columns: [iou, id] },
  IOU_ASC: { direction: 'ASC', columns: [iou, id] },
  INDEX_ASC: { direction: 'ASC', columns: [index, id] },
};

/** The same page of each of many dissections' units, one row more than its limit where there is one. */
export function unitsOfDissections(dissections: number[], filter: UnitConditions, page: Page<UnitOrder>, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT ${columns.Unit}
    FROM unnest(${dissections}::int[]) AS d(id)
    CROSS JOIN LATERAL (${bestOf(Prisma.sql`u.dissection_id = d.id AND ${condition(filter)}`, page)}) u
    ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${limit}`;
}

/** How many units of each dissection pass the filter; dissections without any are left out. */
export function unitCountsOfDissections(dissections: number[], filter: UnitConditions): Prisma.Sql {
  return Prisma.sql`
    SELECT u.dissection_id AS "dissectionId", count(*)::int AS count
    FROM units u
    WHERE u.dissection_id = ANY(${dissections}::int[]) AND ${condition(filter)}
    GROUP BY u.dissection_id`;
}

/**
 * A page of units over all models, one row more than its limit where there is one.
 *
 * Each is found by merging short runs, every one of them read in order from an index of `units`: a run per concept where labels of such concepts
 * are asked for, else a run per dissection. So no page sorts all units, however many there are.
 */
export function unitsOfDataset(dataset: number, filter: DatasetUnitFilter, page: Page<UnitOrder>): Prisma.Sql {
  const byConcept = isByConcept(filter);
  const runs = byConcept ? conceptsOf(dataset, filter) : dissectionsOf(dataset, filter);
  const run = byConcept
    ? Prisma.sql`u.label_id = run.id AND u.dissection_id IN (${dissectionsOf(dataset, filter)})`
    : Prisma.sql`u.dissection_id = run.id`;
  return Prisma.sql`
    SELECT ${columns.Unit}
    FROM (${runs}) AS run
    CROSS JOIN LATERAL (${bestOf(Prisma.sql`${run} AND ${byConcept ? withoutConcept(filter) : condition(filter)}`, page)}) u
    ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${page.limit + 1}`;
}

/** How many units over all models pass the filter. Arrays, because the planner misjudges a join of two subqueries by a thousand. */
export function unitCountOfDataset(dataset: number, filter: DatasetUnitFilter): Prisma.Sql {
  const ofConcepts = Prisma.sql`u.label_id = ANY(ARRAY(${conceptsOf(dataset, filter)}))`;
  return Prisma.sql`
    SELECT count(*)::int AS count
    FROM units u
    WHERE u.dissection_id = ANY(ARRAY(${dissectionsOf(dataset, filter)}))
      AND ${isByConcept(filter) ? Prisma.sql`${ofConcepts} AND ${withoutConcept(filter)}` : condition(filter)}`;
}

const isByConcept = ({ concept, conceptId, search, category, rule }: DatasetUnitFilter): boolean =>
  rule !== 'PER_CATEGORY' && (concept != null || conceptId != null || search != null || category != null);

/** What is left of a condition once the concepts are found. */
const withoutConcept = (filter: UnitConditions): Prisma.Sql =>
  condition({ ...filter, concept: null, conceptId: null, search: null, category: null });

const bestOf = (condition: Prisma.Sql, page: Page<UnitOrder>): Prisma.Sql => Prisma.sql`
  SELECT u.* FROM units u
  WHERE ${condition} AND ${beyond(unitOrders[page.order], page)}
  ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${page.limit + 1}`;

function condition(filter: UnitConditions): Prisma.Sql {
  const states = (Object.keys(unitStateSql) as UnitState[]).flatMap((state) =>
    filter[state] == null ? [] : [Prisma.sql`${unitStateSql[state]} = ${filter[state]}`],
  );
  return Prisma.join([countsFor(filter), ...states], ' AND ');
}

/** A name may stand in several categories: each is a concept. */
function conceptsOf(dataset: number, { concept, conceptId, search, category }: UnitConditions): Prisma.Sql {
  const conditions = [Prisma.sql`c.dataset_id = ${dataset}`];
  if (concept != null) conditions.push(Prisma.sql`c.name = ${concept}`);
  if (conceptId != null) conditions.push(Prisma.sql`c.id = ${conceptId}::int`);
  if (search != null) conditions.push(nameHas(search));
  if (category != null) conditions.push(Prisma.sql`c.category = ${category}::"Category"`);
  return Prisma.sql`SELECT c.id FROM concepts c WHERE ${Prisma.join(conditions, ' AND ')}`;
}

/** The current dissections in the units' own basis. */
function dissectionsOf(dataset: number, { tau, models, layers }: DatasetUnitFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`d.dataset_id = ${dataset} AND d.current AND d.basis = 'IDENTITY' AND d.tau = ${tau ?? DEFAULT_TAU}::float8`,
  ];
  if (layers != null) conditions.push(Prisma.sql`d.layer_id IN (SELECT l.id FROM layers l WHERE l.name = ANY(${layers}::text[]))`);
  if (models != null) {
    const ofModels = Prisma.sql`SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id WHERE m.slug = ANY(${models}::text[])`;
    conditions.push(Prisma.sql`d.layer_id IN (${ofModels})`);
  }
  return Prisma.sql`SELECT d.id FROM dissections d WHERE ${Prisma.join(conditions, ' AND ')}`;
}
