import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';

/** When a unit's last label came to it, in a series of checkpoints. */
export interface FinalLabel {
  seriesId: number;
  unit: number;
  labelId: number;
  /** IoU at the last checkpoint. */
  iou: number;
  /** Model of the first checkpoint at which the unit detects this concept. */
  firstId: number;
  /** Model of the checkpoint from which on it detects it at every later one. */
  stableId: number;
}

export interface SeriesLayer {
  /** Name. */
  layer: string;
  /** Slug. */
  dataset: string;
  tau: number;
  minIou: number;
}

/**
 * The detectors of a series' last dissected checkpoint, with the first at which each detected the same concept and the
 * one since which it always did (paper, 3.6). Only checkpoints whose layer has been dissected so are looked at; below
 * minIou a unit detects nothing.
 */
export const finalLabels = (pool: Connection, series: number[], { layer, dataset, tau, minIou }: SeriesLayer): Promise<FinalLabel[]> =>
  rowsOf(
    pool,
    sql<FinalLabel>`
    WITH checkpoints AS (
      SELECT m.series_id, m.id AS model_id, d.id AS dissection_id,
        row_number() OVER (PARTITION BY m.series_id ORDER BY m.iteration NULLS LAST, m.id) AS place, count(*) OVER (PARTITION BY m.series_id) AS last
      FROM models m
      JOIN layers l ON l.model_id = m.id AND l.name = ${layer}
      JOIN dissections d ON d.layer_id = l.id AND d.tau = ${tau}::float8 AND d.basis = 'IDENTITY' AND d.current
      JOIN datasets s ON s.id = d.dataset_id AND s.slug = ${dataset}
      WHERE m.series_id = ANY(${series}::int[]) AND EXISTS (SELECT FROM units u WHERE u.dissection_id = d.id)),
    points AS (
      SELECT c.series_id, c.place, c.last, u.index, u.iou, CASE WHEN u.iou > ${minIou}::float8 THEN u.label_id END AS label_id
      FROM checkpoints c JOIN units u ON u.dissection_id = c.dissection_id),
    final AS (SELECT p.series_id, p.index, p.label_id, p.iou FROM points p WHERE p.place = p.last AND p.label_id IS NOT NULL),
    spans AS (
      SELECT f.series_id, f.index, f.label_id, f.iou, min(p.place) FILTER (WHERE p.label_id = f.label_id) AS first,
        coalesce(max(p.place) FILTER (WHERE p.label_id IS DISTINCT FROM f.label_id), 0) + 1 AS stable
      FROM final f JOIN points p ON p.series_id = f.series_id AND p.index = f.index
      GROUP BY f.series_id, f.index, f.label_id, f.iou)
    SELECT s.series_id AS "seriesId", s.index AS unit, s.label_id AS "labelId", s.iou, a.model_id AS "firstId", b.model_id AS "stableId"
    FROM spans s
    JOIN checkpoints a ON a.series_id = s.series_id AND a.place = s.first
    JOIN checkpoints b ON b.series_id = s.series_id AND b.place = s.stable
    ORDER BY s.series_id, s.index`,
  );
