import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';

/** A point of a curve of one unit: IoU with a concept against tau. */
export interface TauIou {
  experimentId: number;
  conceptId: number;
  tau: number;
  /** null where it is not stored: below 0.01, in a dissection that was made before the sweep. */
  iou: number | null;
}

/**
 * The IoU of one unit with each concept that is its label at some tau, at every tau of the sweep (paper, Fig. 28);
 * concepts in concept order.
 */
export const iouAgainstTau = (pool: Connection, experiments: number[], unit: number): Promise<TauIou[]> =>
  rowsOf(
    pool,
    sql<TauIou>`
    WITH swept AS (
      SELECT x.experiment_id, d.tau, u.id, u.label_id
      FROM experiment_dissections x
      JOIN experiments e ON e.id = x.experiment_id AND e.kind = 'TAU_SWEEP'
      JOIN dissections d ON d.id = x.dissection_id
      JOIN units u ON u.dissection_id = d.id AND u.index = ${unit}
      WHERE x.experiment_id = ANY(${experiments}::int[])),
    won AS (SELECT DISTINCT experiment_id, label_id FROM swept WHERE label_id IS NOT NULL)
    SELECT w.experiment_id AS "experimentId", w.label_id AS "conceptId", s.tau, v.iou
    FROM won w
    JOIN swept s ON s.experiment_id = w.experiment_id
    JOIN concepts c ON c.id = w.label_id
    LEFT JOIN unit_scores v ON v.unit_id = s.id AND v.concept_id = w.label_id
    ORDER BY w.experiment_id, c.index, s.tau`,
  );
