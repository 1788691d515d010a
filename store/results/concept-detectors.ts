import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { Category } from '../../prisma/generated/enums.ts';
import type { CountingRule } from './detectors.ts';

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
  category: Category | null;
}

/**
 * How many units detect each concept, and how well (paper, 3.3, Fig. 11): most detectors first, then concept order. By PER_CATEGORY a unit counts
 * for the best concept of each category.
 */
export function conceptDetectors(
  prisma: PrismaClient,
  dissections: number[],
  { minIou, rule, category }: ConceptDetectorArgs,
): Promise<ConceptDetectors[]> {
  const labels =
    rule === 'TOP_LABEL'
      ? Prisma.sql`
        SELECT u.dissection_id, u.label_id AS concept_id, u.iou FROM units u
        WHERE u.dissection_id = ANY(${dissections}::int[]) AND u.label_id IS NOT NULL`
      : Prisma.sql`
        SELECT u.dissection_id, b.best_id AS concept_id, b.best_iou AS iou
        FROM units u CROSS JOIN LATERAL (SELECT * FROM unit_categories b WHERE b.unit_id = u.id OFFSET 0) b
        WHERE u.dissection_id = ANY(${dissections}::int[]) AND b.best_id IS NOT NULL`;
  return prisma.$queryRaw<ConceptDetectors[]>(Prisma.sql`
    WITH counted AS (
      SELECT n.dissection_id, n.concept_id, c.index, count(*)::int AS detectors, avg(n.iou) AS mean_iou
      FROM (${labels}) n JOIN concepts c ON c.id = n.concept_id
      WHERE n.iou > ${minIou}::float8 AND ${category === null ? Prisma.sql`TRUE` : Prisma.sql`c.category = ${category}::"Category"`}
      GROUP BY n.dissection_id, n.concept_id, c.index)
    SELECT dissection_id AS "dissectionId", concept_id AS "conceptId", detectors, mean_iou AS "meanIou",
      corr(detectors, mean_iou) OVER (PARTITION BY dissection_id) AS correlation
    FROM counted
    ORDER BY dissection_id, detectors DESC, index`);
}
