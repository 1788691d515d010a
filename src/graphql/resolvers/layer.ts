import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { LayerResolvers, ReceptiveFieldResolvers } from '../generated/resolvers.ts';
import { wantedOf } from '../nodes/wanted.ts';

export const Layer: LayerResolvers = {
  receptiveField: (layer) => layer,
  dissection: (layer, { dataset, tau }, { loaders }) =>
    loaders.currentDissection.load({ id: layer.id, args: { dataset, tau: tau ?? DEFAULT_TAU } }),
  dissections: (layer, _, { loaders }, info) =>
    loaders.dissectionsOfLayer.load({ id: layer.id, args: { wanted: wantedOf(info, 'Dissection', []) } }),
};

export const ReceptiveField: ReceptiveFieldResolvers = {
  height: (layer) => layer.rfHeight,
  width: (layer) => layer.rfWidth,
};
