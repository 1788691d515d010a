import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { imageUrl, overlayUrl } from '../../images/urls.ts';
import { countOf } from '../connections.ts';
import type { FiringUnitResolvers, ImageResolvers } from '../generated/resolvers.ts';
import { orMissing } from './existing.ts';

const DEFAULT_UNITS = 20;

export const Image: ImageResolvers = {
  async class({ datasetId, classIndex }, _, { loaders }) {
    return classIndex === null ? null : ((await loaders.node.Dataset.load(datasetId)).classes[classIndex] ?? null);
  },
  url: (image, asked) => imageUrl(image.id, asked),
  concepts: (image, _, { loaders }) => loaders.conceptsOfImage.load(image.id),
  async firingUnits(image, { model, first, tau }, context) {
    const args = { model: model ?? null, tau: tau ?? DEFAULT_TAU, first: countOf('first', first ?? DEFAULT_UNITS) };
    return orMissing(await context.loaders.firingUnits.load({ id: image.id, args }), { model }, context);
  },
};

export const FiringUnit: FiringUnitResolvers = {
  unit: ({ unitId }, _, { loaders }) => loaders.node.Unit.load(unitId),
  overlayUrl: ({ unitId, rank }) => overlayUrl(unitId, rank),
};
