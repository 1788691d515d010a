import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';
import { nameHas } from './counted-concepts.ts';

/**
 * A concept of a dataset as the units of all models detect it, each in its layer's current dissection in the units' own
 * basis.
 */
export interface DetectedConcept {
  conceptId: number;
  detectors: number;
  /** With such a unit. */
  models: number;
  meanIou: number;
  /** Of the highest IoU. */
  bestUnitId: number;
}

export interface DetectedConceptArgs {
  datasetId: number;
  minIou: number;
  tau: number;
  /** null: all. */
  category: string | null;
  /** Any part of the name, whatever its case; null: all. */
  search: string | null;
  /** Slugs; null: all. */
  models: readonly string[] | null;
  orderBy: keyof typeof orders;
  limit: number;
}

const orders = {
  DETECTORS_DESC: sql`detectors DESC, c.index`,
  BEST_IOU_DESC: sql`n.best DESC, c.index`,
  NAME_ASC: sql`c.name, c.index`,
};

/** Concepts that are the label of a unit with an IoU above `minIou`. */
export function detectedConcepts(pool: Connection, args: DetectedConceptArgs): Promise<DetectedConcept[]> {
  const ofConcepts = [sql`c.dataset_id = ${args.datasetId}`];
  if (args.category !== null) ofConcepts.push(sql`c.category = ${args.category}`);
  if (args.search !== null) ofConcepts.push(nameHas(args.search));
  const ofModels = args.models === null ? sql`TRUE` : sql`m.slug = ANY(${args.models}::text[])`;
  return rowsOf(
    pool,
    sql<DetectedConcept>`
    WITH asked AS MATERIALIZED (
      SELECT d.id, l.model_id
      FROM dissections d JOIN layers l ON l.id = d.layer_id JOIN models m ON m.id = l.model_id
      WHERE d.dataset_id = ${args.datasetId} AND d.current AND d.basis = 'IDENTITY' AND d.tau = ${args.tau}::float8 AND ${ofModels}),
    of_models AS (
      SELECT u.label_id, a.model_id, count(*) AS units, sum(u.iou) AS iou, max(u.iou) AS best
      FROM units u JOIN asked a ON a.id = u.dissection_id
      WHERE u.iou > ${args.minIou}::float8
      GROUP BY u.label_id, a.model_id),
    detected AS (
      SELECT label_id, sum(units)::int AS detectors, count(*)::int AS models, sum(iou) / sum(units)::float8 AS mean_iou, max(best) AS best
      FROM of_models GROUP BY label_id)
    SELECT c.id AS "conceptId", n.detectors, n.models, n.mean_iou AS "meanIou",
      (SELECT u.id FROM units u WHERE u.label_id = c.id AND (u.dissection_id IN (SELECT a.id FROM asked a)) IS TRUE
       ORDER BY u.iou DESC, u.id DESC LIMIT 1) AS "bestUnitId"
    FROM concepts c JOIN detected n ON n.label_id = c.id
    WHERE ${sql.join(ofConcepts, sql` AND `)}
    ORDER BY ${orders[args.orderBy]} LIMIT ${args.limit}`,
  );
}
