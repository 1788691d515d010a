import { summaryOf } from '../../../store/results/summary.ts';
import { countsByCategory, ratio, uniqueDetectorsOf } from '../counts.ts';
import type { ComparedGroupResolvers, ComparisonResolvers, ModelFact } from '../generated/resolvers.ts';
import type { ComparedGroupRow, ComparedLayerRow, DissectionRow, ModelRow } from '../rows.ts';

type Dissected = ComparedLayerRow & { dissection: DissectionRow };

const FACTS: Readonly<Record<ModelFact, 'architecture' | 'trainingData' | 'supervision' | 'task'>> = {
  ARCHITECTURE: 'architecture',
  TRAINING_DATA: 'trainingData',
  SUPERVISION: 'supervision',
  TASK: 'task',
};

export const Comparison: ComparisonResolvers = {
  async groups({ layers }, { by }, { loaders }) {
    const dissected = layers.filter((one): one is Dissected => one.dissection !== null);
    const models = await Promise.all(dissected.map(({ layer }) => loaders.node.Model.load(layer.modelId)));
    const groups = new Map<string, ComparedGroupRow>();
    for (const [i, one] of dissected.entries()) {
      const key = JSON.stringify(by.map((fact) => models[i][FACTS[fact]]));
      const group = groups.get(key);
      if (group) group.layers.push(one);
      else groups.set(key, { by, model: models[i], layers: [one] });
    }
    return [...groups.values()];
  },
};

export const ComparedGroup: ComparedGroupResolvers = {
  architecture: (group) => factOf(group, 'ARCHITECTURE', ({ architecture }) => architecture),
  trainingData: (group) => factOf(group, 'TRAINING_DATA', ({ trainingData }) => trainingData),
  supervision: (group) => factOf(group, 'SUPERVISION', ({ supervision }) => supervision),
  task: (group) => factOf(group, 'TASK', ({ task }) => task),
  uniqueDetectors: async ({ layers }, _, { loaders }) =>
    summaryOf(await Promise.all(layers.map((one) => uniqueDetectorsOf(one.dissection as DissectionRow, one, loaders)))),
  uniqueDetectorRatio: async ({ layers }, _, { loaders }) =>
    summaryOf(
      await Promise.all(
        layers.map(async (one) => ratio(await uniqueDetectorsOf(one.dissection as DissectionRow, one, loaders), one.layer.unitCount)),
      ),
    ),
  async byCategory({ layers }, _, { loaders }) {
    const counts = await Promise.all(layers.map((one) => countsByCategory(one.datasetId, one.dissection, one, loaders)));
    return counts[0].map(({ category }, place) => ({
      category,
      uniqueDetectors: summaryOf(counts.map((one) => one[place].uniqueDetectors)),
    }));
  },
};

function factOf<T>({ by, model }: ComparedGroupRow, fact: ModelFact, read: (model: ModelRow) => T): T | null {
  return by.includes(fact) ? read(model) : null;
}
