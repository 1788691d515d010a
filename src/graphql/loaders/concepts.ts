import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { Page } from '../connections.ts';
import type { Category } from '../generated/resolvers.ts';
import type { ConceptRow } from '../rows.ts';
import { type ConceptFilter, conceptCountsOfDatasets, conceptsOfDatasets } from '../sql/concepts.ts';
import { selectRows } from '../sql/select-rows.ts';
import { listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

interface ConceptPageArgs {
  filter: ConceptFilter;
  page: Page<'INDEX_ASC'>;
}

interface ConceptNameArgs {
  name: string;
  category: Category | null;
}

/** All by dataset. */
export const createConceptLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** One row more than the page's limit where there is one. */
  conceptPage: loaderByArgs(async (ids, { filter, page }: ConceptPageArgs) => {
    const rows = await prisma.$queryRaw<ConceptRow[]>(conceptsOfDatasets(ids, filter, page, budget.limit()));
    return listsBy(budget.count(rows), (concept) => concept.datasetId);
  }),

  conceptCount: loaderByArgs(async (ids, filter: ConceptFilter) => {
    const rows = await prisma.$queryRaw<{ datasetId: number; count: number }[]>(conceptCountsOfDatasets(ids, filter));
    const counts = new Map(rows.map(({ datasetId, count }) => [datasetId, count]));
    return (id) => counts.get(id) ?? 0;
  }),

  /** The first in concept order; null where the dataset has no such concept. */
  conceptByName: loaderByArgs(async (ids, { name, category }: ConceptNameArgs) => {
    const inCategory = category === null ? Prisma.sql`TRUE` : Prisma.sql`c.category = ${category}::"Category"`;
    const named = Prisma.sql`c.dataset_id = ANY(${ids}::int[]) AND c.name = ${name} AND ${inCategory} ORDER BY c.index`;
    const rows = await selectRows(prisma, 'Concept', named);
    const conceptsOf = listsBy(rows, (concept) => concept.datasetId);
    return (id) => conceptsOf(id).at(0) ?? null;
  }),

  /** One entry for each category that has concepts. */
  conceptCountsByCategory: loaderOfLists(
    (ids) => prisma.concept.groupBy({ by: ['datasetId', 'category'], where: { datasetId: { in: ids } }, _count: true }),
    (count) => count.datasetId,
  ),

  /** In the dataset's own order. */
  categoriesOfDataset: loaderOfLists(
    (ids) => prisma.datasetCategory.findMany({ where: { datasetId: { in: ids } }, orderBy: { index: 'asc' } }),
    (category) => category.datasetId,
  ),
});
