import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { ModelFormat as Format } from '../../../core/targets.ts';
import type { ModelFormat, ModelResolvers } from '../generated/resolvers.ts';

/** Every format that the store may name has its value in the schema. */
const FORMATS: Readonly<Record<Format, ModelFormat>> = { ONNX: 'ONNX', TFJS: 'TFJS', TALLY: 'TALLY' };

export const Model: ModelResolvers = {
  classes: (model, _, { loaders }) => loaders.classesOfModel.load(model.id),
  format: ({ format }) => FORMATS[format as Format],
  layers: (model, _, { loaders }) => loaders.layersOfModel.load(model.id),
  heads: (model, _, { loaders }) => loaders.headsOfModel.load(model.id),
  deepestDissection: (model, { dataset, tau }, { loaders }) =>
    loaders.deepestDissection.load({ id: model.id, args: { dataset, tau: tau ?? DEFAULT_TAU } }),
  layer: (model, { name }, { loaders }) => loaders.layerByName.load({ modelId: model.id, name }),
};
