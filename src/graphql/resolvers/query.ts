import { DissectoryError } from '../../../core/errors.ts';
import { connectionOf, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import type { UnitRow } from '../rows.ts';
import { datasetOrders, datasetPage } from '../sql/datasets.ts';
import { experimentCount, experimentOrders, experimentPage } from '../sql/experiments.ts';
import { modelCount, modelOrders, modelPage } from '../sql/models.ts';
import { selectRows } from '../sql/select-rows.ts';
import { unitCountOfDataset, unitOrders, unitsOfDataset } from '../sql/units.ts';
import { conditionsOf } from '../unit-conditions.ts';
import { compare } from './comparison.ts';
import { conceptsOf } from './dataset.ts';
import { existingDataset } from './existing.ts';
import { loadNode } from './node.ts';
import { changesBetween } from './unit-changes.ts';

const MAX_IDS = 100;

export const Query: QueryResolvers = {
  node: (_, { id }, context) => loadNode(id, context),

  nodes(_, { ids }, context) {
    if (ids.length > MAX_IDS) throw new DissectoryError('BAD_INPUT', `nodes takes at most ${MAX_IDS} ids, not ${ids.length}.`);
    return Promise.all(ids.map((id) => loadNode(id, context)));
  },

  async models(_, { filter, orderBy, ...args }, { prisma, budget }) {
    const page = pageOf(modelOrders, orderBy ?? 'SLUG_ASC', args);
    const rows = budget.count(await selectRows(prisma, 'Model', modelPage(filter ?? {}, page)));
    return connectionOf(modelOrders, page, rows, async () => {
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>(modelCount(filter ?? {}));
      return count;
    });
  },

  model: (_, { slug }, { loaders }) => loaders.modelBySlug.load(slug),

  async datasets(_, args, { prisma, budget }) {
    const page = pageOf(datasetOrders, 'SLUG_ASC', args);
    const rows = budget.count(await selectRows(prisma, 'Dataset', datasetPage(page)));
    return connectionOf(datasetOrders, page, rows, () => prisma.dataset.count());
  },

  dataset: (_, { slug }, { loaders }) => loaders.datasetBySlug.load(slug),

  concepts: async (_, { dataset, ...args }, context) => conceptsOf(await existingDataset(dataset, context), args, context),

  async concept(_, { dataset: slug, name, category }, { loaders }) {
    const dataset = await loaders.datasetBySlug.load(slug);
    return dataset && loaders.conceptByName.load({ id: dataset.id, args: { name, category: category ?? null } });
  },

  async units(_, { filter: asked, orderBy, ...args }, context) {
    const { prisma, budget } = context;
    const dataset = await existingDataset(asked.dataset, context);
    const { tau, models, layers } = asked;
    const filter = { ...conditionsOf(asked), tau, models, layers };
    const page = pageOf(unitOrders, orderBy ?? 'IOU_DESC', args);
    const rows = budget.count(await prisma.$queryRaw<UnitRow[]>(unitsOfDataset(dataset.id, filter, page)));
    return connectionOf(unitOrders, page, rows, async () => {
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>(unitCountOfDataset(dataset.id, filter));
      return count;
    });
  },

  compare: async (_, args, context) => compare(await existingDataset(args.dataset, context), args, context),

  series: (_, { slug }, { loaders }) => loaders.seriesBySlug.load(slug),

  async experiments(_, { filter, ...args }, { prisma, budget }) {
    const page = pageOf(experimentOrders, 'CREATED_DESC', args);
    const rows = budget.count(await selectRows(prisma, 'Experiment', experimentPage(filter ?? {}, page)));
    return connectionOf(experimentOrders, page, rows, async () => {
      const [{ count }] = await prisma.$queryRaw<[{ count: number }]>(experimentCount(filter ?? {}));
      return count;
    });
  },

  unitChanges: async (_, args, context) => changesBetween((await existingDataset(args.dataset, context)).slug, args, context),
};
