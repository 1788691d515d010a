import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { ModelResolvers } from '../generated/resolvers.ts';

export const Model: ModelResolvers = {
  classes: (model, _, { loaders }) => loaders.classesOfModel.load(model.id),
  layers: (model, _, { loaders }) => loaders.layersOfModel.load(model.id),
  heads: (model, _, { loaders }) => loaders.headsOfModel.load(model.id),
  deepestDissection: (model, { dataset, tau }, { loaders }) =>
    loaders.deepestDissection.load({ id: model.id, args: { dataset, tau: tau ?? DEFAULT_TAU } }),
  layer: (model, { name }, { loaders }) => loaders.layerByName.load({ modelId: model.id, name }),
};
