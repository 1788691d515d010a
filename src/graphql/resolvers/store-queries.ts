import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { detectedConcepts } from '../../../store/results/detected-concepts.ts';
import { connectionOf, countOf, pageOf } from '../connections.ts';
import type { DetectedConceptResolvers, QueryResolvers } from '../generated/resolvers.ts';
import { dissectionCount, dissectionOrders, dissectionPage } from '../sql/dissections.ts';
import { selectRows } from '../sql/select-rows.ts';
import { seriesOrders, seriesPage } from '../sql/series.ts';
import { existingDataset } from './existing.ts';

const DEFAULT_CONCEPTS = 100;

/** What the store holds, over all models. */
export const storeQueries: Pick<QueryResolvers, 'seriesList' | 'dissections' | 'detectedConcepts'> = {
  async seriesList(_, args, { prisma, budget }) {
    const page = pageOf(seriesOrders, 'SLUG_ASC', args);
    const rows = budget.count(await selectRows(prisma, 'Series', seriesPage(page)));
    return connectionOf(seriesOrders, page, rows, () => prisma.series.count());
  },

  async dissections(_, { filter, ...args }, { prisma, budget }) {
    const page = pageOf(dissectionOrders, 'CREATED_DESC', args);
    const rows = budget.count(await selectRows(prisma, 'Dissection', dissectionPage(filter ?? {}, page)));
    return connectionOf(dissectionOrders, page, rows, async () => {
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>(dissectionCount(filter ?? {}));
      return count;
    });
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
    return context.budget.count(await detectedConcepts(context.prisma, asked));
  },
};

export const DetectedConcept: DetectedConceptResolvers = {
  concept: ({ conceptId }, _, { loaders }) => loaders.node.Concept.load(conceptId),
  bestUnit: ({ bestUnitId }, _, { loaders }) => loaders.node.Unit.load(bestUnitId),
};
