import type { ModelResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';

export const Model: ModelResolvers = {
  id: (model) => globalId('Model', model.id),
  series: (model, _, { loaders }) => (model.seriesId === null ? null : loaders.node.Series.load(model.seriesId)),
  layers: (model, _, { loaders }) => loaders.layersOfModel.load(model.id),
  heads: (model, _, { loaders }) => loaders.headsOfModel.load(model.id),
  layer: (model, { name }, { loaders }) => loaders.layerByName.load({ modelId: model.id, name }),
};
