import type { PredictionResolvers } from '../generated/resolvers.ts';
import { differencesOf } from './explanation.ts';
import { placeInHead } from './head.ts';

export const Prediction: PredictionResolvers = {
  predictedClass: async ({ headId, predicted }, _, { loaders }) => (await loaders.classNames.load(headId))[predicted],
  trueClass: async ({ headId, trueClass }, _, { loaders }) =>
    trueClass === null ? null : (await loaders.classNames.load(headId))[trueClass],
  explanation: async (prediction, { class: name }, { loaders }) => ({
    prediction,
    place: name == null ? prediction.predicted : await placeInHead(prediction.headId, name, loaders),
  }),
  misledBy: (prediction, args, context) =>
    prediction.wrong && prediction.trueClass !== null
      ? differencesOf(prediction, [prediction.predicted, prediction.trueClass], args, context)
      : [],
};
