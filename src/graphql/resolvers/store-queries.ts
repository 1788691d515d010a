import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { detectedConcepts } from '../../../store/results/detected-concepts.ts';
import { connectionOf, countIn, countOf, pageOf } from '../connections.ts';
import type { DetectedConceptResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { NODES, wantedOf, withInstants } from '../nodes/wanted.ts';
import { dissectionCount, dissectionOrders, dissectionPage } from '../sql/dissections.ts';
import { given } from '../sql/filter.ts';
import { shapeOf, valuesOf } from '../sql/keyset.ts';
import { seriesCount, seriesOrders, seriesPage } from '../sql/series.ts';
import { existingDataset } from './existing.ts';

const DEFAULT_CONCEPTS = 100;

/** What the store holds, over all models. */
export const storeQueries: Pick<QueryResolvers, 'seriesList' | 'dissections' | 'detectedConcepts'> = {
  async seriesList(_, args, { store, budget }) {
    const page = pageOf(seriesOrders, 'SLUG_ASC', args);
    const rows = budget.count(await seriesPage(store.pool, valuesOf(page), shapeOf(page)));
    return connectionOf(seriesOrders, page, rows, async () => countIn(await seriesCount(store.pool, {})));
  },

  async dissections(_, { filter, ...args }, { store, budget }, info) {
    const page = pageOf(dissectionOrders, 'CREATED_DESC', args);
    const conditions = filter ?? {};
    const shape = { given: given(conditions), page: shapeOf(page), wanted: wantedOf(info, 'Dissection', ...NODES) };
    const rows = withInstants(await dissectionPage(store.pool, { ...conditions, ...valuesOf(page) }, shape), shape.wanted);
    return connectionOf(dissectionOrders, page, budget.count(rows), async () =>
      countIn(await dissectionCount(store.pool, conditions, shape.given)),
    );
  },

  async detectedConcepts(_, args, context) {
    const dataset = await existingDataset(args.dataset, context);
    const asked = {
      datasetId: dataset.id,
      minIou: args.minIou ?? DEFAULT_MIN_IOU,
      tau: args.tau ?? DEFAULT_TAU,
      category: args.category ?? null,
      search: args.search ?? null,
      models: args.models ?? null,
      orderBy: args.orderBy ?? 'DETECTORS_DESC',
      limit: countOf('first', args.first ?? DEFAULT_CONCEPTS),
    };
    return context.budget.count(await detectedConcepts(context.store.pool, asked));
  },
};

export const DetectedConcept: DetectedConceptResolvers = {
  concept: ({ conceptId }, _, { loaders }) => loaders.node.Concept.load(conceptId),
  bestUnit: ({ bestUnitId }, _, { loaders }) => loaders.node.Unit.load(bestUnitId),
};
