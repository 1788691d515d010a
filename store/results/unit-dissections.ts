import { sql } from 'kysely';
import { type Connection, rowsOf } from '../sql/statement.ts';

export interface NamedBy {
  /** Slug; null: over any dataset. */
  dataset: string | null;
  tau: number;
}

/** A layer, and the dissection that says what its units detect. */
export interface UnitDissection {
  layerId: number;
  dissectionId: number;
}

/**
 * The dissection that says what a layer's units detect: the newest current one in their own basis at this tau, over any
 * dataset where none is named. A layer that was dissected under another of its names is the same layer: it stands at
 * the same place in the graph. Layers without one are left out.
 */
export const unitDissections = (pool: Connection, layers: number[], { dataset, tau }: NamedBy): Promise<UnitDissection[]> =>
  rowsOf(
    pool,
    sql<UnitDissection>`
    SELECT DISTINCT ON (a.id) a.id AS "layerId", d.id AS "dissectionId"
    FROM layers a
    JOIN layers l ON l.model_id = a.model_id AND l.index = a.index AND l.unit_count = a.unit_count
    JOIN dissections d ON d.layer_id = l.id AND d.tau = ${tau}::float8 AND d.basis = 'IDENTITY' AND d.current
      AND ${dataset === null ? sql`TRUE` : sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`}
    WHERE a.id = ANY(${layers}::int[])
    ORDER BY a.id, d.created_at DESC, d.id DESC`,
  );
