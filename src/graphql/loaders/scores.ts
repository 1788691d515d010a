import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { Category } from '../generated/resolvers.ts';
import type { TopImageRow, UnitScoreRow } from '../rows.ts';
import { topScores } from '../sql/unit-scores.ts';
import { listsBy, loaderByArgs } from './batch.ts';

interface ScoreArgs {
  category: Category | null;
  first: number;
}

/** All by unit. */
export const createScoreLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** Best first. */
  topScores: loaderByArgs(async (ids, { category, first }: ScoreArgs) => {
    const rows = await prisma.$queryRaw<UnitScoreRow[]>(topScores(ids, category, first, budget.limit()));
    return listsBy(budget.count(rows), (score) => score.unitId);
  }),

  /** Strongest first. */
  topImages: loaderByArgs(async (ids, { first }: { first: number }) => {
    const rows = await prisma.$queryRaw<TopImageRow[]>(Prisma.sql`
      SELECT t.unit_id AS "unitId", t.rank, t.image_id AS "imageId", t.max_activation AS "maxActivation"
      FROM top_images t WHERE t.unit_id = ANY(${ids}::int[]) AND t.rank <= ${first} ORDER BY t.unit_id, t.rank LIMIT ${budget.limit()}`);
    return listsBy(budget.count(rows), (image) => image.unitId);
  }),
});
