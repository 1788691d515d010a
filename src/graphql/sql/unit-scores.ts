import { Prisma } from '../../../prisma/generated/client.ts';
import type { Category } from '../generated/resolvers.ts';

/** The `first` best scores of each unit, all categories or one; equal IoUs in concept order. */
export function topScores(units: number[], category: Category | null, first: number, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT s."unitId", s."conceptId", s.iou, s.intersection, s."union"
    FROM unnest(${units}::int[]) AS u(id)
    CROSS JOIN LATERAL (
      SELECT s.unit_id AS "unitId", s.concept_id AS "conceptId", s.iou, s.intersection, s."union", c.index
      FROM unit_scores s JOIN concepts c ON c.id = s.concept_id
      WHERE s.unit_id = u.id AND ${category === null ? Prisma.sql`TRUE` : Prisma.sql`c.category = ${category}::"Category"`}
      ORDER BY s.iou DESC, c.index LIMIT ${first}) s
    ORDER BY s."unitId", s.iou DESC, s.index LIMIT ${limit}`;
}
