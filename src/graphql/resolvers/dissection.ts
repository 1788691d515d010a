import { DEFAULT_MIN_IOU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import { connectionOf, pageOf } from '../connections.ts';
import { countsByCategory, detectorsOf, ratio, uniqueDetectorsOf } from '../counts.ts';
import type { ConceptDetectorCountResolvers, CountingRule, DissectionResolvers, IouPointResolvers } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/index.ts';
import { unitListsOf } from '../nodes/unit-lists.ts';
import { NODES, wantedOf } from '../nodes/wanted.ts';
import type { DissectionRow, IouPointRow } from '../rows.ts';
import { unitOrders } from '../sql/units.ts';
import { conditionsOf } from '../unit-conditions.ts';

const MAX_THRESHOLDS = 200;

export const Dissection: DissectionResolvers = {
  provenance: (dissection) => dissection,

  uniqueDetectors: (dissection, { category, ...args }, { loaders }) => uniqueDetectorsOf(dissection, args, loaders, category),
  async uniqueDetectorRatio(dissection, args, { loaders }) {
    const [unique, layer] = await Promise.all([uniqueDetectorsOf(dissection, args, loaders), loaders.node.Layer.load(dissection.layerId)]);
    return ratio(unique, layer.unitCount);
  },
  detectors: (dissection, { category, ...args }, { loaders }) => detectorsOf(dissection, args, loaders, category),
  byCategory: (dissection, args, { loaders }) => countsByCategory(dissection.datasetId, dissection, args, loaders),

  async units(dissection, { filter, orderBy, ...args }, { loaders }, info) {
    const page = pageOf(unitOrders, orderBy ?? 'INDEX_ASC', args);
    const asked = conditionsOf(filter ?? {});
    const rows = await loaders.unitPage.load({
      id: dissection.id,
      args: { filter: asked, page, wanted: wantedOf(info, 'Unit', ...NODES), ...unitListsOf(info, page.limit) },
    });
    return connectionOf(unitOrders, page, rows, () => loaders.unitCount.load({ id: dissection.id, args: asked }));
  },
  unit: (dissection, { index }, { loaders }, info) =>
    loaders.unitByIndex.load({ id: dissection.id, args: { index, wanted: wantedOf(info, 'Unit', []) } }),

  iouSweep(dissection, { minIous, rule }, { loaders }) {
    if (minIous.length > MAX_THRESHOLDS) {
      throw new DissectoryError('BAD_INPUT', `iouSweep takes at most ${MAX_THRESHOLDS} thresholds, not ${minIous.length}.`);
    }
    return sweepOf(dissection, { minIous, rule: rule ?? 'TOP_LABEL' }, loaders);
  },
  async conceptDetectors(dissection, args, { loaders }) {
    const rule = args.rule ?? 'TOP_LABEL';
    const asked = { minIou: args.minIou ?? DEFAULT_MIN_IOU, rule, category: args.category ?? null };
    const concepts = await loaders.conceptDetectors.load({ id: dissection.id, args: asked });
    return { rule, concepts, correlation: concepts[0]?.correlation ?? null };
  },
};

async function sweepOf(
  { id, datasetId }: DissectionRow,
  { minIous, rule }: { minIous: readonly number[]; rule: CountingRule },
  loaders: Loaders,
): Promise<IouPointRow[]> {
  const points = await loaders.iouSweep.load({ id, args: { minIous: [...minIous], rule } });
  return points.map((point) => ({ ...point, datasetId, rule, minIous }));
}

export const IouPoint: IouPointResolvers = {
  /** Of all points of a sweep together. */
  async byCategory({ dissectionId, datasetId, minIou, minIous, rule }, _, { loaders }) {
    const [categories, counts] = await Promise.all([
      loaders.categoriesOfDataset.load(datasetId),
      loaders.iouSweepByCategory.load({ id: dissectionId, args: { minIous: [...minIous], rule } }),
    ]);
    const here = counts.filter((count) => count.minIou === minIou);
    return categories.map(
      ({ category }) => here.find((count) => count.category === category) ?? { category, uniqueDetectors: 0, detectors: 0 },
    );
  },
};

export const ConceptDetectorCount: ConceptDetectorCountResolvers = {
  concept: ({ conceptId }, _, { loaders }) => loaders.node.Concept.load(conceptId),
};
