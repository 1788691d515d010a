import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Valued } from '../sql/statement.ts';

/**
 * How unique detectors are counted (docs/definitions.md). TOP_LABEL: a unit counts once, for its top label.
 * PER_CATEGORY: a unit counts in each category whose best concept passes.
 */
export type CountingRule = 'TOP_LABEL' | 'PER_CATEGORY';

/**
 * For which concepts the units of some dissections count by a rule, whatever the IoU: a query of rows (unit_id,
 * dissection_id, concept_id, category, iou). All that is counted, and all lists of what is counted, is made of these.
 */
export function countedConcepts(rule: CountingRule, dissections: RawBuilder<unknown>): RawBuilder<unknown> {
  if (rule === 'TOP_LABEL') {
    return sql`
      SELECT u.id AS unit_id, u.dissection_id, u.label_id AS concept_id, u.category, u.iou
      FROM units u WHERE u.dissection_id = ANY(${dissections}) AND u.label_id IS NOT NULL`;
  }
  // OFFSET 0 keeps the planner to a lookup a unit; as a plain join it reads the whole table from a hundred layers on
  return sql`
    SELECT b.unit_id, x.id AS dissection_id, b.best_id AS concept_id, b.category, b.best_iou AS iou
    FROM unnest(${dissections}) AS x(id)
    CROSS JOIN LATERAL (
      SELECT b.* FROM units u JOIN unit_categories b ON b.unit_id = u.id WHERE u.dissection_id = x.id AND b.best_id IS NOT NULL OFFSET 0) b`;
}

/** A condition on a row `c` of concepts: any part of its name, whatever its case. */
export const nameHas = (search: Valued<string>): RawBuilder<SqlBool> => sql`strpos(lower(c.name), lower(${search})) > 0`;

/** What is asked of the concept that a unit counts for. */
export interface CountedFilter {
  /** Name; every concept of that name. */
  concept?: Valued<string> | null;
  conceptId?: Valued<number> | null;
  /** Any part of the name, whatever its case. */
  search?: Valued<string> | null;
  category?: Valued<string> | null;
  /** Strictly above. */
  minIou?: Valued<number> | null;
  rule?: CountingRule | null;
}

/**
 * A condition on a row `u` of units: that it counts, by the rule, for a concept that passes the filter. An empty filter
 * lets every unit pass.
 */
export function countsFor({ concept, conceptId, search, category, minIou, rule }: CountedFilter): RawBuilder<SqlBool> {
  const perCategory = rule === 'PER_CATEGORY';
  const column = perCategory
    ? { id: sql`b.best_id`, category: sql`b.category`, iou: sql`b.best_iou` }
    : { id: sql`u.label_id`, category: sql`u.category`, iou: sql`u.iou` };
  const conditions: RawBuilder<unknown>[] = [];
  if (minIou != null) conditions.push(sql`${column.iou} > ${minIou}::float8`);
  if (conceptId != null) conditions.push(sql`${column.id} = ${conceptId}::int`);
  if (concept != null) conditions.push(sql`EXISTS (SELECT FROM concepts c WHERE c.id = ${column.id} AND c.name = ${concept})`);
  if (search != null) conditions.push(sql`EXISTS (SELECT FROM concepts c WHERE c.id = ${column.id} AND ${nameHas(search)})`);
  if (category != null) conditions.push(sql`${column.category} = ${category}`);
  if (conditions.length === 0) return sql`TRUE`;
  const all = sql<SqlBool>`${sql.join(conditions, sql` AND `)}`;
  return perCategory ? sql`EXISTS (SELECT FROM unit_categories b WHERE b.unit_id = u.id AND b.best_id IS NOT NULL AND ${all})` : all;
}
