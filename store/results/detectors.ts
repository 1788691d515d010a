import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import { type CountingRule, countedConcepts } from './counted-concepts.ts';

export interface DetectorCount {
  dissectionId: number;
  category: string;
  uniqueDetectors: number;
  detectors: number;
}

/**
 * Detectors and distinct labels of each dissection and category; where there are none, the row is left out.
 *
 * A concept belongs to one category, so a dissection's unique detectors are the sum over its categories
 * (docs/definitions.md).
 */
export const detectorCounts = (pool: Connection, dissections: number[], minIou: number, rule: CountingRule): Promise<DetectorCount[]> =>
  rowsOf(
    pool,
    sql<DetectorCount>`
    SELECT n.dissection_id AS "dissectionId", n.category, count(*)::int AS "uniqueDetectors", sum(n.units)::int AS detectors
    FROM (
      SELECT n.dissection_id, n.category, n.concept_id, count(*) AS units
      FROM (${countedConcepts(rule, sql`${dissections}::int[]`)}) n
      WHERE n.iou > ${minIou}::float8
      GROUP BY n.dissection_id, n.category, n.concept_id) n
    GROUP BY n.dissection_id, n.category`,
  );

/**
 * Of one category, or where it is null of all: a concept belongs to one category, so a dissection's unique detectors
 * are the sum over its categories.
 */
export const uniqueDetectorsIn = (counts: readonly DetectorCount[], category: string | null): number =>
  sum(counts.filter((count) => category === null || count.category === category).map(({ uniqueDetectors }) => uniqueDetectors));

/**
 * Units that count for a concept of one category, or where it is null of any: `counts` must be those of
 * `ruleOfDetectors`.
 */
export const detectorsIn = (counts: readonly DetectorCount[], category: string | null): number =>
  sum(counts.filter((count) => category === null || count.category === category).map(({ detectors }) => detectors));

/**
 * The rule whose counts add up to a number of units. A unit that counts in several categories is one detector: it
 * passes in one of them exactly when its label passes, which is the best of them.
 */
export const ruleOfDetectors = (rule: CountingRule, category: string | null): CountingRule => (category === null ? 'TOP_LABEL' : rule);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
