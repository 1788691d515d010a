import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { Category } from '../../prisma/generated/enums.ts';
import type { CountingRule } from './detectors.ts';

export interface IouPoint {
  dissectionId: number;
  minIou: number;
  /** Units whose label passes; the same by both rules. */
  detectors: number;
  uniqueDetectors: number;
}

/** The counts of one category at a threshold. */
export interface CategoryIouPoint extends IouPoint {
  category: Category;
}

/** Detectors and unique detectors at any thresholds of IoU: one row for each dissection and threshold, thresholds in the order given. */
export function iouSweep(prisma: PrismaClient, dissections: number[], minIous: number[], rule: CountingRule): Promise<IouPoint[]> {
  return prisma.$queryRaw<IouPoint[]>(Prisma.sql`
    SELECT d.id AS "dissectionId", t.min_iou AS "minIou",
      (SELECT count(*)::int FROM units u WHERE u.dissection_id = d.id AND u.label_id IS NOT NULL AND u.iou > t.min_iou) AS detectors,
      (SELECT count(DISTINCT s.label)::int FROM (${labels(rule)}) s WHERE s.dissection_id = d.id AND s.iou > t.min_iou) AS "uniqueDetectors"
    FROM unnest(${dissections}::int[]) AS d(id)
    CROSS JOIN unnest(${minIous}::float8[]) WITH ORDINALITY AS t(min_iou, place)
    ORDER BY d.id, t.place`);
}

/** The same by category, counted as `detectorCounts` does; where there are none, the row is left out. */
export function iouSweepByCategory(
  prisma: PrismaClient,
  dissections: number[],
  minIous: number[],
  rule: CountingRule,
): Promise<CategoryIouPoint[]> {
  return prisma.$queryRaw<CategoryIouPoint[]>(Prisma.sql`
    SELECT s.dissection_id AS "dissectionId", t.min_iou AS "minIou", s.category,
      count(*)::int AS detectors, count(DISTINCT s.label)::int AS "uniqueDetectors"
    FROM (${labels(rule)}) s JOIN unnest(${minIous}::float8[]) AS t(min_iou) ON s.iou > t.min_iou
    WHERE s.dissection_id = ANY(${dissections}::int[])
    GROUP BY s.dissection_id, t.min_iou, s.category`);
}

/** What counts of a unit: its label, or the best concept of each category. */
const labels = (rule: CountingRule): Prisma.Sql =>
  rule === 'TOP_LABEL'
    ? Prisma.sql`SELECT u.dissection_id, u.label_id AS label, u.iou, u.category FROM units u WHERE u.label_id IS NOT NULL`
    : Prisma.sql`
      SELECT u.dissection_id, b.best_id AS label, b.best_iou AS iou, b.category
      FROM units u CROSS JOIN LATERAL (SELECT * FROM unit_categories b WHERE b.unit_id = u.id OFFSET 0) b WHERE b.best_id IS NOT NULL`;
