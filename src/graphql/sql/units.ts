import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { LayerUnitFilter, UnitFilter, UnitOrder } from '../generated/resolvers.ts';
import type { UnitRow } from '../rows.ts';
import { nameHas } from './concepts.ts';
import { beyond, type OrderColumn, orderBy } from './keyset.ts';
import { columns } from './select-rows.ts';

const id: OrderColumn<UnitRow> = { sql: Prisma.sql`u.id`, type: 'int4', of: (unit) => unit.id };
const iou: OrderColumn<UnitRow> = { sql: Prisma.sql`u.iou`, type: 'float8', of: (unit) => unit.iou };
const index: OrderColumn<UnitRow> = { sql: Prisma.sql`u.index`, type: 'int4', of: (unit) => unit.index };

/** As the indexes of `units` run: equal IoUs by id. */
export const unitOrders: Orders<UnitOrder, UnitRow> = {
  IOU_DESC: { direction: 'DESC', columns: [iou, id] },
  IOU_ASC: { direction: 'ASC', columns: [iou, id] },
  INDEX_ASC: { direction: 'ASC', columns: [index, id] },
};

/** The same page of each of many dissections' units, one row more than its limit where there is one. */
export function unitsOfDissections(dissections: number[], filter: LayerUnitFilter, page: Page<UnitOrder>, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT ${columns.Unit}
    FROM unnest(${dissections}::int[]) AS d(id)
    CROSS JOIN LATERAL (${bestOf(Prisma.sql`u.dissection_id = d.id AND ${layerCondition(filter)}`, page)}) u
    ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${limit}`;
}

/** How many units of each dissection pass the filter; dissections without any are left out. */
export function unitCountsOfDissections(dissections: number[], filter: LayerUnitFilter): Prisma.Sql {
  return Prisma.sql`
    SELECT u.dissection_id AS "dissectionId", count(*)::int AS count
    FROM units u
    WHERE u.dissection_id = ANY(${dissections}::int[]) AND ${layerCondition(filter)}
    GROUP BY u.dissection_id`;
}

/**
 * A page of units over all models, one row more than its limit where there is one.
 *
 * Each is found by merging short runs, every one of them read in order from an index of `units`: a run per concept where concepts are
 * asked for, else a run per dissection. So no page sorts all units, however many there are.
 */
export function unitsOfDataset(dataset: number, filter: UnitFilter, page: Page<UnitOrder>): Prisma.Sql {
  const byConcept = isByConcept(filter);
  const runs = byConcept ? conceptsOf(dataset, filter) : dissectionsOf(dataset, filter);
  const run = byConcept
    ? Prisma.sql`u.label_id = run.id AND u.dissection_id IN (${dissectionsOf(dataset, filter)})`
    : Prisma.sql`u.dissection_id = run.id`;
  return Prisma.sql`
    SELECT ${columns.Unit}
    FROM (${runs}) AS run
    CROSS JOIN LATERAL (${bestOf(Prisma.sql`${run} AND ${above(filter.minIou)}`, page)}) u
    ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${page.limit + 1}`;
}

/** How many units over all models pass the filter. Arrays, because the planner misjudges a join of two subqueries by a thousand. */
export function unitCountOfDataset(dataset: number, filter: UnitFilter): Prisma.Sql {
  const ofConcepts = Prisma.sql`u.label_id = ANY(ARRAY(${conceptsOf(dataset, filter)}))`;
  return Prisma.sql`
    SELECT count(*)::int AS count
    FROM units u
    WHERE u.dissection_id = ANY(ARRAY(${dissectionsOf(dataset, filter)})) AND ${above(filter.minIou)}
      AND ${isByConcept(filter) ? ofConcepts : Prisma.sql`TRUE`}`;
}

const isByConcept = ({ concept, category, search }: UnitFilter): boolean => concept != null || category != null || search != null;

const bestOf = (condition: Prisma.Sql, page: Page<UnitOrder>): Prisma.Sql => Prisma.sql`
  SELECT u.* FROM units u
  WHERE ${condition} AND ${beyond(unitOrders[page.order], page)}
  ORDER BY ${orderBy(unitOrders[page.order], page)} LIMIT ${page.limit + 1}`;

const above = (minIou: number | null | undefined): Prisma.Sql =>
  minIou == null ? Prisma.sql`TRUE` : Prisma.sql`u.iou > ${minIou}::float8`;

function layerCondition({ concept, category, search, minIou, silent }: LayerUnitFilter): Prisma.Sql {
  const conditions = [above(minIou)];
  if (concept != null) conditions.push(Prisma.sql`EXISTS (SELECT FROM concepts c WHERE c.id = u.label_id AND c.name = ${concept})`);
  if (search != null) conditions.push(Prisma.sql`EXISTS (SELECT FROM concepts c WHERE c.id = u.label_id AND ${nameHas(search)})`);
  if (category != null) conditions.push(Prisma.sql`u.category = ${category}::"Category"`);
  if (silent != null) conditions.push(Prisma.sql`u.silent = ${silent}`);
  return Prisma.join(conditions, ' AND ');
}

/** A name may stand in several categories: each is a concept. */
function conceptsOf(dataset: number, { concept, category, search }: UnitFilter): Prisma.Sql {
  const conditions = [Prisma.sql`c.dataset_id = ${dataset}`];
  if (concept != null) conditions.push(Prisma.sql`c.name = ${concept}`);
  if (search != null) conditions.push(nameHas(search));
  if (category != null) conditions.push(Prisma.sql`c.category = ${category}::"Category"`);
  return Prisma.sql`SELECT c.id FROM concepts c WHERE ${Prisma.join(conditions, ' AND ')}`;
}

/** The current dissections in the units' own basis. */
function dissectionsOf(dataset: number, { tau, models, layers }: UnitFilter): Prisma.Sql {
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
