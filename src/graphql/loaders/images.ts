import type { PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { Page } from '../connections.ts';
import type { ConceptImageRow, FiringUnitRow } from '../rows.ts';
import { conceptsOfImages, type FiringArgs, firingUnits, imageCountsOfConcepts, imagesOfConcepts } from '../sql/concept-images.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

export const createImageLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** By concept; one row more than the page's limit where there is one. */
  conceptImagePage: loaderByArgs(async (ids, { page }: { page: Page<'COVERAGE_DESC'> }) => {
    const rows = await prisma.$queryRaw<ConceptImageRow[]>(imagesOfConcepts(ids, page, budget.limit()));
    return listsBy(budget.count(rows), ({ conceptId }) => conceptId);
  }),

  /** By concept. */
  conceptImageCount: loaderByArgs(async (ids, _: Record<string, never>) => {
    const rows = await prisma.$queryRaw<{ id: number; count: number }[]>(imageCountsOfConcepts(ids));
    const counts = new Map(rows.map(({ id, count }) => [id, count]));
    return (id) => counts.get(id) ?? 0;
  }),

  /** By image, most of it first. */
  conceptsOfImage: loaderOfLists(
    async (ids) => budget.count(await prisma.$queryRaw<ConceptImageRow[]>(conceptsOfImages(ids, budget.limit()))),
    ({ imageId }) => imageId,
  ),

  /** By image. */
  firingUnits: loaderByArgs(async (ids, args: FiringArgs) => {
    const rows = await prisma.$queryRaw<FiringUnitRow[]>(firingUnits(ids, args, budget.limit()));
    return listsBy(budget.count(rows), ({ imageId }) => imageId);
  }),
});
