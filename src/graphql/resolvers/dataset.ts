import { connectionOf, type PageArgs, pageOf } from '../connections.ts';
import type { Context } from '../context.ts';
import type { DatasetCategoryResolvers, DatasetResolvers } from '../generated/resolvers.ts';
import type { ConceptConnectionRow, DatasetRow } from '../rows.ts';
import { type ConceptFilter, conceptOrders } from '../sql/concepts.ts';

export const Dataset: DatasetResolvers = {
  categories: (dataset, _, { loaders }) => loaders.categoriesOfDataset.load(dataset.id),
  concepts: (dataset, args, context) => conceptsOf(dataset, args, context),
};

export const DatasetCategory: DatasetCategoryResolvers = {
  async conceptCount({ datasetId, category }, _, { loaders }) {
    const counts = await loaders.conceptCountsByCategory.load(datasetId);
    return counts.find((one) => one.category === category)?.count ?? 0;
  },
};

/** A page of a dataset's concepts, in concept order. */
export async function conceptsOf(
  dataset: DatasetRow,
  { category, search, ...args }: ConceptFilter & PageArgs,
  { loaders }: Context,
): Promise<ConceptConnectionRow> {
  const filter = { category, search };
  const page = pageOf(conceptOrders, 'INDEX_ASC', args);
  const rows = await loaders.conceptPage.load({ id: dataset.id, args: { filter, page } });
  return connectionOf(conceptOrders, page, rows, () => loaders.conceptCount.load({ id: dataset.id, args: filter }));
}
