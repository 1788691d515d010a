import { Prisma } from '../../prisma/generated/client.ts';

/**
 * How unique detectors are counted (docs/definitions.md). TOP_LABEL: a unit counts once, for its top label. PER_CATEGORY: a unit counts in each
 * category whose best concept passes.
 */
export type CountingRule = 'TOP_LABEL' | 'PER_CATEGORY';

/**
 * For which concepts the units of some dissections count by a rule, whatever the IoU: a query of rows (unit_id, dissection_id, concept_id, category, iou).
 * All that is counted, and all lists of what is counted, is made of these.
 */
export function countedConcepts(rule: CountingRule, dissections: Prisma.Sql): Prisma.Sql {
  if (rule === 'TOP_LABEL') {
    return Prisma.sql`
      SELECT u.id AS unit_id, u.dissection_id, u.label_id AS concept_id, u.category, u.iou
      FROM units u WHERE u.dissection_id = ANY(${dissections}) AND u.label_id IS NOT NULL`;
  }
  // OFFSET 0 keeps the planner to an index lookup per unit; as a plain join it reads the whole table from a hundred layers on.
  return Prisma.sql`
    SELECT u.id AS unit_id, u.dissection_id, b.best_id AS concept_id, b.category, b.best_iou AS iou
    FROM units u CROSS JOIN LATERAL (SELECT * FROM unit_categories b WHERE b.unit_id = u.id OFFSET 0) b
    WHERE u.dissection_id = ANY(${dissections}) AND b.best_id IS NOT NULL`;
}

/** A condition on a row `c` of concepts: any part of its name, whatever its case. */
export const nameHas = (search: string): Prisma.Sql => Prisma.sql`strpos(lower(c.name), lower(${search})) > 0`;

/** What is asked of the concept that a unit counts for. */
export interface CountedFilter {
  /** Name; every concept of that name. */
  concept?: string | null;
  conceptId?: number | null;
  /** Any part of the name, whatever its case. */
  search?: string | null;
  category?: string | null;
  /** Strictly above. */
  minIou?: number | null;
  rule?: CountingRule | null;
}

/** A condition on a row `u` of units: that it counts, by the rule, for a concept that passes the filter. An empty filter lets every unit pass. */
export function countsFor({ concept, conceptId, search, category, minIou, rule }: CountedFilter): Prisma.Sql {
  const perCategory = rule === 'PER_CATEGORY';
  const column = perCategory
    ? { id: Prisma.sql`b.best_id`, category: Prisma.sql`b.category`, iou: Prisma.sql`b.best_iou` }
    : { id: Prisma.sql`u.label_id`, category: Prisma.sql`u.category`, iou: Prisma.sql`u.iou` };
  const conditions: Prisma.Sql[] = [];
  if (minIou != null) conditions.push(Prisma.sql`${column.iou} > ${minIou}::float8`);
  if (conceptId != null) conditions.push(Prisma.sql`${column.id} = ${conceptId}::int`);
  if (concept != null) conditions.push(Prisma.sql`EXISTS (SELECT FROM concepts c WHERE c.id = ${column.id} AND c.name = ${concept})`);
  if (search != null) conditions.push(Prisma.sql`EXISTS (SELECT FROM concepts c WHERE c.id = ${column.id} AND ${nameHas(search)})`);
  if (category != null) conditions.push(Prisma.sql`${column.category} = ${category}::"Category"`);
  if (conditions.length === 0) return Prisma.sql`TRUE`;
  const all = Prisma.join(conditions, ' AND ');
  return perCategory ? Prisma.sql`EXISTS (SELECT FROM unit_categories b WHERE b.unit_id = u.id AND b.best_id IS NOT NULL AND ${all})` : all;
}
