import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { CountingRule } from './detectors.ts';

export interface IouPoint {
  dissectionId: number;
  minIou: number;
  /** Units whose label passes; the same by both rules. */
  detectors: number;
  uniqueDetectors: number;
}

/** Detectors and unique detectors at any thresholds of IoU: one row for each dissection and threshold, thresholds in the order given. */
export function iouSweep(prisma: PrismaClient, dissections: number[], minIous: number[], rule: CountingRule): Promise<IouPoint[]> {
  const labels =
    rule === 'TOP_LABEL'
      ? Prisma.sql`SELECT u.dissection_id, u.label_id AS label, u.iou FROM units u WHERE u.label_id IS NOT NULL`
      : Prisma.sql`
        SELECT u.dissection_id, b.best_id AS label, b.best_iou AS iou
        FROM units u CROSS JOIN LATERAL (SELECT * FROM unit_categories b WHERE b.unit_id = u.id OFFSET 0) b WHERE b.best_id IS NOT NULL`;
  return prisma.$queryRaw<IouPoint[]>(Prisma.sql`
    SELECT d.id AS "dissectionId", t.min_iou AS "minIou",
      (SELECT count(*)::int FROM units u WHERE u.dissection_id = d.id AND u.label_id IS NOT NULL AND u.iou > t.min_iou) AS detectors,
      (SELECT count(DISTINCT s.label)::int FROM (${labels}) s WHERE s.dissection_id = d.id AND s.iou > t.min_iou) AS "uniqueDetectors"
    FROM unnest(${dissections}::int[]) AS d(id)
    CROSS JOIN unnest(${minIous}::float8[]) WITH ORDINALITY AS t(min_iou, place)
    ORDER BY d.id, t.place`);
}
