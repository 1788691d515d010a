import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { LayerResolvers, ReceptiveFieldResolvers } from '../generated/resolvers.ts';
import { wantedOf } from '../nodes/wanted.ts';
import { orMissing } from './existing.ts';

export const Layer: LayerResolvers = {
  receptiveField: (layer) => layer,
  async dissection(layer, { dataset, tau }, context) {
    const found = await context.loaders.currentDissection.load({ id: layer.id, args: { dataset, tau: tau ?? DEFAULT_TAU } });
    return orMissing(found, { dataset }, context);
  },
  dissections: (layer, _, { loaders }, info) =>
    loaders.dissectionsOfLayer.load({ id: layer.id, args: { wanted: wantedOf(info, 'Dissection', []) } }),
};

export const ReceptiveField: ReceptiveFieldResolvers = {
  height: (layer) => layer.rfHeight,
  width: (layer) => layer.rfWidth,
};
