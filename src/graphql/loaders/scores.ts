import type { Connection } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import type { Wanted } from '../nodes/wanted.ts';
import { topImages, topScores } from '../sql/unit-scores.ts';
import { listsBy, loaderByArgs } from './batch.ts';

interface ScoreArgs {
  category: string | null;
  first: number;
  concept?: Wanted;
}

interface ImageArgs {
  first: number;
  image?: Wanted;
}

/** All by unit. */
export const createScoreLoaders = (pool: Connection, budget: RowBudget) => ({
  /** Best first. */
  topScores: loaderByArgs(async (ids, { category, first, concept }: ScoreArgs) => {
    const rows = await topScores(pool, { ids, category, first, most: budget.limit() }, { ofCategory: category !== null, concept });
    return listsBy(budget.count(rows), (score) => score.unitId);
  }),

  /** Strongest first. */
  topImages: loaderByArgs(async (ids, { first, image }: ImageArgs) => {
    const rows = await topImages(pool, { ids, first, most: budget.limit() }, { image });
    return listsBy(budget.count(rows), (one) => one.unitId);
  }),
});
