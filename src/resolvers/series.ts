import type { CheckpointResolvers, SeriesResolvers } from '../generated/resolvers.ts';
import { globalId } from '../ids.ts';

export const Series: SeriesResolvers = {
  id: (series) => globalId('Series', series.id),
  checkpoints: (series, _, { loaders }) => loaders.checkpointsOfSeries.load(series.id),
};

export const Checkpoint: CheckpointResolvers = {
  model: (model) => model,
};
