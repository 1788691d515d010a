import { DEFAULT_MIN_IOU } from '../../../core/defaults.ts';
import type { ExperimentResolvers, RotationPointResolvers, RotationRunResolvers, TauCurveResolvers } from '../generated/resolvers.ts';
import type { TauCurveRow } from '../rows.ts';

export const Experiment: ExperimentResolvers = {
  dissections: (experiment, _, { loaders }) => loaders.dissectionsOfExperiment.load(experiment.id),
  rotation: (experiment, { minIou, rule }, { loaders }) =>
    loaders.rotationPoints.load({ id: experiment.id, args: { minIou: minIou ?? DEFAULT_MIN_IOU, rule: rule ?? 'TOP_LABEL' } }),
  async iouAgainstTau(experiment, { unit }, { loaders }) {
    const points = await loaders.iouAgainstTau.load({ id: experiment.id, args: { unit } });
    const curves = new Map<number, TauCurveRow>();
    for (const point of points) {
      const curve = curves.get(point.conceptId);
      if (curve) curve.points.push(point);
      else curves.set(point.conceptId, { conceptId: point.conceptId, points: [point] });
    }
    return [...curves.values()];
  },
};

export const RotationPoint: RotationPointResolvers = {
  uniqueDetectors: (point) => point,
};

export const RotationRun: RotationRunResolvers = {
  dissection: ({ dissectionId }, _, { loaders }) => loaders.node.Dissection.load(dissectionId),
};

export const TauCurve: TauCurveResolvers = {
  concept: ({ conceptId }, _, { loaders }) => loaders.node.Concept.load(conceptId),
};
