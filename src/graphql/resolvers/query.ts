import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { connectionOf, countIn, pageOf } from '../connections.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { unitListsOf } from '../nodes/unit-lists.ts';
import { NODES, wantedOf, withInstants } from '../nodes/wanted.ts';
import { datasetOrders, datasetPage } from '../sql/datasets.ts';
import { experimentCount, experimentOrders, experimentPage } from '../sql/experiments.ts';
import { given } from '../sql/filter.ts';
import { shapeOf, valuesOf } from '../sql/keyset.ts';
import { modelCount, modelOrders, modelPage } from '../sql/models.ts';
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

  async models(_, { filter, orderBy, ...args }, { store, budget }, info) {
    const page = pageOf(modelOrders, orderBy ?? 'SLUG_ASC', args);
    const conditions = filter ?? {};
    const shape = { given: given(conditions), page: shapeOf(page), wanted: wantedOf(info, 'Model', ...NODES) };
    const rows = withInstants(await modelPage(store.pool, { ...conditions, ...valuesOf(page) }, shape), shape.wanted);
    return connectionOf(modelOrders, page, budget.count(rows), async () => countIn(await modelCount(store.pool, conditions, shape.given)));
  },

  model: (_, { slug }, { loaders }) => loaders.modelBySlug.load(slug),

  async datasets(_, args, { prisma, store, budget }) {
    const page = pageOf(datasetOrders, 'SLUG_ASC', args);
    const rows = budget.count(await datasetPage(store.pool, valuesOf(page), shapeOf(page)));
    return connectionOf(datasetOrders, page, rows, () => prisma.dataset.count());
  },

  dataset: (_, { slug }, { loaders }) => loaders.datasetBySlug.load(slug),

  concepts: async (_, { dataset, ...args }, context) => conceptsOf(await existingDataset(dataset, context), args, context),

  async concept(_, { dataset: slug, name, category }, { loaders }) {
    const dataset = await loaders.datasetBySlug.load(slug);
    return dataset && loaders.conceptByName.load({ id: dataset.id, args: { name, category: category ?? null } });
  },

  async units(_, { filter, orderBy, ...args }, context, info) {
    const { store, budget } = context;
    const page = pageOf(unitOrders, orderBy ?? 'IOU_DESC', args);
    const { dataset, tau, models, layers } = filter;
    const conditions = { ...conditionsOf(filter), dataset, tau: tau ?? DEFAULT_TAU, models, layers };
    const counted = { given: given(conditions), rule: filter.rule ?? 'TOP_LABEL' };
    const { lists, values } = unitListsOf(info, page.limit);
    const shape = { ...counted, page: shapeOf(page), wanted: wantedOf(info, 'Unit', ...NODES), lists };
    const rows = withInstants(await unitsOfDataset(store.pool, { ...conditions, ...valuesOf(page), ...values }, shape), shape.wanted);
    if (rows.length === 0) await existingDataset(dataset, context);
    return connectionOf(unitOrders, page, budget.count(rows), async () =>
      countIn(await unitCountOfDataset(store.pool, conditions, counted)),
    );
  },

  compare: async (_, args, context) => compare(await existingDataset(args.dataset, context), args, context),

  series: (_, { slug }, { loaders }) => loaders.seriesBySlug.load(slug),

  async experiments(_, { filter, ...args }, { store, budget }, info) {
    const page = pageOf(experimentOrders, 'CREATED_DESC', args);
    const conditions = filter ?? {};
    const shape = { given: given(conditions), page: shapeOf(page), wanted: wantedOf(info, 'Experiment', ...NODES) };
    const rows = withInstants(await experimentPage(store.pool, { ...conditions, ...valuesOf(page) }, shape), shape.wanted);
    return connectionOf(experimentOrders, page, budget.count(rows), async () =>
      countIn(await experimentCount(store.pool, conditions, shape.given)),
    );
  },

  unitChanges: async (_, args, context) => changesBetween((await existingDataset(args.dataset, context)).slug, args, context),
};
