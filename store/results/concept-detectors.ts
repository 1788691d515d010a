import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import { type CountingRule, countedConcepts } from './counted-concepts.ts';

/** The detectors of one concept in a dissection. */
export interface ConceptDetectors {
  dissectionId: number;
  conceptId: number;
  detectors: number;
  meanIou: number;
  /** Pearson's r of `detectors` and `meanIou` over the dissection's rows; null where it is not defined. */
  correlation: number | null;
}

export interface ConceptDetectorArgs {
  minIou: number;
  rule: CountingRule;
  /** null: all. */
  category: string | null;
}

/**
 * How many units detect each concept, and how well (paper, 3.3, Fig. 11): most detectors first, then concept order. By
 * PER_CATEGORY a unit counts for the best concept of each category. Means are those of decimals: the sum of floats
 * would depend on the order in which rows are read.
 */
export function conceptDetectors(
  pool: Connection,
  dissections: number[],
  { minIou, rule, category }: ConceptDetectorArgs,
): Promise<ConceptDetectors[]> {
  return rowsOf(
    pool,
    sql<ConceptDetectors>`
    WITH counted AS (
      SELECT n.dissection_id, n.concept_id, c.index, count(*)::int AS detectors, avg(n.iou::numeric)::float8 AS mean_iou
      FROM (${countedConcepts(rule, sql`${dissections}::int[]`)}) n JOIN concepts c ON c.id = n.concept_id
      WHERE n.iou > ${minIou}::float8 AND ${category === null ? sql`TRUE` : sql`c.category = ${category}`}
      GROUP BY n.dissection_id, n.concept_id, c.index)
    SELECT dissection_id AS "dissectionId", concept_id AS "conceptId", detectors, mean_iou AS "meanIou",
      corr(detectors, mean_iou) OVER (PARTITION BY dissection_id) AS correlation
    FROM counted
    ORDER BY dissection_id, detectors DESC, index`,
  );
}
