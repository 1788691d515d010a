import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { Category } from '../../prisma/generated/enums.ts';

/**
 * How unique detectors are counted (docs/definitions.md). TOP_LABEL: a unit counts once, for its top label. PER_CATEGORY: a unit counts in each
 * category whose best concept passes.
 */
export type CountingRule = 'TOP_LABEL' | 'PER_CATEGORY';

export interface DetectorCount {
  dissectionId: number;
  category: Category;
  uniqueDetectors: number;
  detectors: number;
}

/**
 * Detectors and distinct labels of each dissection and category; where there are none, the row is left out.
 *
 * A concept belongs to one category, so a dissection's unique detectors are the sum over its categories (docs/definitions.md).
 */
export const detectorCounts = (prisma: PrismaClient, dissections: number[], minIou: number, rule: CountingRule): Promise<DetectorCount[]> =>
  prisma.$queryRaw<DetectorCount[]>(countingSql(dissections, minIou, rule));

function countingSql(dissections: number[], minIou: number, rule: CountingRule): Prisma.Sql {
  if (rule === 'TOP_LABEL') {
    return Prisma.sql`
      SELECT u.dissection_id AS "dissectionId", u.category, count(DISTINCT u.label_id)::int AS "uniqueDetectors", count(*)::int AS detectors
      FROM units u
      WHERE u.dissection_id = ANY(${dissections}::int[]) AND u.iou > ${minIou}::float8 AND u.label_id IS NOT NULL
      GROUP BY u.dissection_id, u.category`;
  }
  // OFFSET 0 keeps the planner to an index lookup per unit; as a plain join it reads the whole table from a hundred layers on.
  return Prisma.sql`
    SELECT u.dissection_id AS "dissectionId", b.category, count(DISTINCT b.best_id)::int AS "uniqueDetectors", count(*)::int AS detectors
    FROM units u CROSS JOIN LATERAL (SELECT * FROM unit_categories b WHERE b.unit_id = u.id OFFSET 0) b
    WHERE u.dissection_id = ANY(${dissections}::int[]) AND b.best_iou > ${minIou}::float8 AND b.best_id IS NOT NULL
    GROUP BY u.dissection_id, b.category`;
}
