import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import { type CountingRule, countedConcepts } from './counted-concepts.ts';

export interface IouPoint {
  dissectionId: number;
  minIou: number;
  /** Units whose label passes; the same by both rules. */
  detectors: number;
  uniqueDetectors: number;
}

/** The counts of one category at a threshold. */
export interface CategoryIouPoint extends IouPoint {
  category: string;
}

/**
 * Detectors and unique detectors at any thresholds of IoU: one row for each dissection and threshold, thresholds in the
 * order given.
 */
export const iouSweep = (pool: Connection, dissections: number[], minIous: number[], rule: CountingRule): Promise<IouPoint[]> =>
  rowsOf(
    pool,
    sql<IouPoint>`
    SELECT d.id AS "dissectionId", t.min_iou AS "minIou", n.detectors, n."uniqueDetectors"
    FROM unnest(${dissections}::int[]) AS d(id)
    CROSS JOIN unnest(${minIous}::float8[]) WITH ORDINALITY AS t(min_iou, place)
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT n.unit_id)::int AS detectors, count(DISTINCT n.concept_id)::int AS "uniqueDetectors"
      FROM (${countedConcepts(rule, sql`ARRAY[d.id]`)}) n WHERE n.iou > t.min_iou) n
    ORDER BY d.id, t.place`,
  );

/** The same by category, counted as `detectorCounts` does; where there are none, the row is left out. */
export const iouSweepByCategory = (
  pool: Connection,
  dissections: number[],
  minIous: number[],
  rule: CountingRule,
): Promise<CategoryIouPoint[]> =>
  rowsOf(
    pool,
    sql<CategoryIouPoint>`
    SELECT n.dissection_id AS "dissectionId", t.min_iou AS "minIou", n.category,
      count(*)::int AS detectors, count(DISTINCT n.concept_id)::int AS "uniqueDetectors"
    FROM (${countedConcepts(rule, sql`${dissections}::int[]`)}) n JOIN unnest(${minIous}::float8[]) AS t(min_iou) ON n.iou > t.min_iou
    GROUP BY n.dissection_id, t.min_iou, n.category`,
  );
