import type { Connection } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { conceptsOfImages, type FiringArgs, firingUnits, imageCountsOfConcepts, imagesOfConcepts } from '../sql/concept-images.ts';
import { type Page, shapeOf, valuesOf } from '../sql/keyset.ts';
import { countsBy, listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

export const createImageLoaders = (pool: Connection, budget: RowBudget) => ({
  /** By concept; one row more than the page's limit where there is one. */
  conceptImagePage: loaderByArgs(async (ids, { page }: { page: Page<'COVERAGE_DESC'> }) => {
    const rows = await imagesOfConcepts(pool, { ids, most: budget.limit(), ...valuesOf(page) }, shapeOf(page));
    return listsBy(budget.count(rows), ({ conceptId }) => conceptId);
  }),

  /** By concept. */
  conceptImageCount: loaderByArgs(async (ids, _: Record<string, never>) => countsBy(await imageCountsOfConcepts(pool, { ids }))),

  /** By image, most of it first. */
  conceptsOfImage: loaderOfLists(
    async (ids) => budget.count(await conceptsOfImages(pool, { ids, most: budget.limit() })),
    ({ imageId }) => imageId,
  ),

  /** By image. */
  firingUnits: loaderByArgs(async (ids, asked: FiringArgs) => {
    const rows = await firingUnits(pool, { ids, ...asked, most: budget.limit() }, { ofModel: asked.model !== null });
    return listsBy(budget.count(rows), ({ imageId }) => imageId);
  }),
});
