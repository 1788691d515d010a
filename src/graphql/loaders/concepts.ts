import { anyOf, type Connection, count, db, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { type Wanted, withInstants } from '../nodes/wanted.ts';
import { type ConceptFilter, conceptCountsOfDatasets, conceptsOfDatasets } from '../sql/concepts.ts';
import { given } from '../sql/filter.ts';
import { type Page, shapeOf, valuesOf } from '../sql/keyset.ts';
import { countsBy, listsBy, loaderByArgs, loaderOfLists } from './batch.ts';

interface ConceptPageArgs {
  filter: ConceptFilter;
  page: Page<'INDEX_ASC'>;
  wanted?: Wanted;
}

interface ConceptNameArgs {
  name: string;
  category: string | null;
}

/** All by dataset. */
export const createConceptLoaders = (pool: Connection, budget: RowBudget) => ({
  /** One row more than the page's limit where there is one. */
  conceptPage: loaderByArgs(async (ids, { filter, page, wanted }: ConceptPageArgs) => {
    const values = { ids, most: budget.limit(), ...filter, ...valuesOf(page) };
    const rows = await conceptsOfDatasets(pool, values, { given: given(filter), page: shapeOf(page), wanted });
    return listsBy(budget.count(withInstants(rows, wanted)), (concept) => concept.datasetId);
  }),

  conceptCount: loaderByArgs(async (ids, filter: ConceptFilter) => {
    const rows = await conceptCountsOfDatasets(pool, { ids, ...filter }, given(filter));
    return countsBy(rows.map(({ datasetId, count }) => ({ id: datasetId, count })));
  }),

  /** The first in concept order; null where the dataset has no such concept. */
  conceptByName: loaderByArgs(async (ids, { name, category }: ConceptNameArgs) => {
    const rows = await conceptsByName(pool, { ids, name, category }, { ofCategory: category !== null });
    const conceptsOf = listsBy(rows, (concept) => concept.datasetId);
    return (id) => conceptsOf(id).at(0) ?? null;
  }),

  /** One entry for each category that has concepts. */
  conceptCountsByCategory: loaderOfLists(
    (ids) => conceptCountsByCategory(pool, { ids }),
    (one) => one.datasetId,
  ),

  /** In the dataset's own order. */
  categoriesOfDataset: loaderOfLists(
    (ids) => categoriesOfDatasets(pool, { ids }),
    (category) => category.datasetId,
  ),
});

const conceptsByName = prepared<{ ids: readonly number[] } & ConceptNameArgs>()(
  ({ ids, name, category }, { ofCategory }: { ofCategory: boolean }) =>
    selectNode('Concept')
      .where('c.dataset_id', '=', anyOf(ids, 'int4'))
      .where('c.name', '=', name)
      .$if(ofCategory, (query) => query.where('c.category', '=', category))
      .orderBy('c.index'),
);

const conceptCountsByCategory = prepared<{ ids: readonly number[] }>()(({ ids }) =>
  db
    .selectFrom('concepts as c')
    .select(['c.dataset_id as datasetId', 'c.category', count.as('count')])
    .where('c.dataset_id', '=', anyOf(ids, 'int4'))
    .groupBy(['c.dataset_id', 'c.category']),
);

const categoriesOfDatasets = prepared<{ ids: readonly number[] }>()(({ ids }) =>
  db
    .selectFrom('dataset_categories as g')
    .select(['g.dataset_id as datasetId', 'g.category', 'g.index'])
    .where('g.dataset_id', '=', anyOf(ids, 'int4'))
    .orderBy('g.index'),
);
