import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { LayerResolvers, ReceptiveFieldResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';

export const Layer: LayerResolvers = {
  id: (layer) => globalId('Layer', layer.id),
  receptiveField: (layer) => layer,
  model: (layer, _, { loaders }) => loaders.node.Model.load(layer.modelId),
  dissection: (layer, { dataset, tau }, { loaders }) =>
    loaders.currentDissection.load({ id: layer.id, args: { dataset, tau: tau ?? DEFAULT_TAU } }),
  dissections: (layer, _, { loaders }) => loaders.dissectionsOfLayer.load(layer.id),
};

export const ReceptiveField: ReceptiveFieldResolvers = {
  height: (layer) => layer.rfHeight,
  width: (layer) => layer.rfWidth,
};
