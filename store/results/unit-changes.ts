import { type RawBuilder, sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';

/** What became of a unit between two dissections of the same dataset. */
export interface UnitChange {
  unit: number;
  beforeId: number;
  afterId: number;
  /** The label where the unit is a detector, else null. */
  fromId: number | null;
  toId: number | null;
  change: Change;
  /** The rest only for CHANGED. */
  sameCategory: boolean | null;
  /** 0 to 1; null where the dataset has not been indexed, or a concept has no such pixels. */
  colorSimilarity: number | null;
  textureSimilarity: number | null;
}

/**
 * KEPT and CHANGED: a detector at both ends, of the same concept or another; LOST, GAINED: at one end only; NEITHER: at
 * none.
 */
export type Change = 'KEPT' | 'CHANGED' | 'LOST' | 'GAINED' | 'NEITHER';

/**
 * Two dissections unit by unit (paper, 3.7: before and after fine-tuning), and in what the concepts of a changed unit
 * resemble each other. A similarity is the overlap of two profiles, sum over i of min(p_i, q_i): 1 for the same shares
 * of colours (or patterns), 0 for none in common.
 */
export const unitChanges = (pool: Connection, before: number, after: number, minIou: number): Promise<UnitChange[]> =>
  rowsOf(
    pool,
    sql<UnitChange>`
    WITH pairs AS (
      SELECT b.index AS unit, b.id AS before_id, a.id AS after_id,
        CASE WHEN b.iou > ${minIou}::float8 THEN b.label_id END AS from_id, CASE WHEN a.iou > ${minIou}::float8 THEN a.label_id END AS to_id
      FROM units b JOIN units a ON a.dissection_id = ${after} AND a.index = b.index
      WHERE b.dissection_id = ${before}),
    told AS (
      SELECT p.*, CASE WHEN from_id IS NULL AND to_id IS NULL THEN 'NEITHER' WHEN from_id IS NULL THEN 'GAINED' WHEN to_id IS NULL THEN 'LOST'
        WHEN from_id = to_id THEN 'KEPT' ELSE 'CHANGED' END AS change
      FROM pairs p)
    SELECT t.unit, t.before_id AS "beforeId", t.after_id AS "afterId", t.from_id AS "fromId", t.to_id AS "toId", t.change,
      f.category = c.category AS "sameCategory", ${overlap(sql`fp.colors`, sql`cp.colors`)} AS "colorSimilarity",
      ${overlap(sql`fp.patterns`, sql`cp.patterns`)} AS "textureSimilarity"
    FROM told t
    LEFT JOIN concepts f ON t.change = 'CHANGED' AND f.id = t.from_id
    LEFT JOIN concepts c ON t.change = 'CHANGED' AND c.id = t.to_id
    LEFT JOIN concept_profiles fp ON fp.concept_id = f.id
    LEFT JOIN concept_profiles cp ON cp.concept_id = c.id
    ORDER BY t.unit`,
  );

const overlap = (p: RawBuilder<unknown>, q: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  CASE WHEN cardinality(${p}) > 0 AND cardinality(${q}) > 0 THEN (SELECT sum(least(o.p, o.q)) FROM unnest(${p}, ${q}) AS o(p, q)) END`;
