import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import type { CheckpointResolvers, FinalLabelResolvers, SeriesResolvers } from '../generated/resolvers.ts';
import { orMissing } from './existing.ts';

export const Series: SeriesResolvers = {
  checkpoints: (series, _, { loaders }) => loaders.checkpointsOfSeries.load(series.id),

  /**
   * Every checkpoint is followed by the same steps at the same time, so that all of them together take one statement a
   * step.
   */
  async unitHistory(series, { layer: name, unit: index, dataset, tau }, context) {
    const { loaders } = context;
    const checkpoints = await loaders.checkpointsOfSeries.load(series.id);
    const args = { dataset, tau: tau ?? DEFAULT_TAU };
    const history = await Promise.all(
      checkpoints.map(async (checkpoint) => {
        const layer = await loaders.layerByName.load({ modelId: checkpoint.id, name });
        const dissection = layer && (await loaders.currentDissection.load({ id: layer.id, args }));
        const unit = dissection && (await loaders.unitByIndex.load({ id: dissection.id, args: { index } }));
        return unit && { checkpoint, unit };
      }),
    );
    return orMissing(
      history.filter((one) => one !== null),
      { dataset },
      context,
    );
  },

  async finalLabels(series, { layer, dataset, minIou, tau }, context) {
    const args = { layer, dataset, minIou: minIou ?? DEFAULT_MIN_IOU, tau: tau ?? DEFAULT_TAU };
    return orMissing(await context.loaders.finalLabels.load({ id: series.id, args }), { dataset }, context);
  },
};

export const FinalLabel: FinalLabelResolvers = {
  unitIndex: ({ unit }) => unit,
  label: ({ labelId }, _, { loaders }) => loaders.node.Concept.load(labelId),
  firstAppeared: ({ firstId }, _, { loaders }) => loaders.node.Model.load(firstId),
  stableSince: ({ stableId }, _, { loaders }) => loaders.node.Model.load(stableId),
};

export const Checkpoint: CheckpointResolvers = {
  model: (model) => model,
};
