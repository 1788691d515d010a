import { DissectoryError } from '../../../core/errors.ts';
import { bestClass, scoreOf } from '../../../core/explanation.ts';
import { explanationId } from '../../../core/ids.ts';
import { imageUrl, MAX_SHEET_UNITS, maskUrl, sheetUrl } from '../../images/urls.ts';
import { countOf } from '../connections.ts';
import type { Context } from '../context.ts';
import { classView, contributionsOf, type Seen, scoreOfClass, seenBy, unitsBetween } from '../explained.ts';
import type {
  ContributionDifferenceResolvers,
  ContributionResolvers,
  ExplanationResolvers,
  WithoutUnitResolvers,
} from '../generated/resolvers.ts';
import type { ContributionDifferenceRow, PredictionRow, WithoutUnitRow } from '../rows.ts';
import { unitOf } from '../unit-of.ts';
import { orMissing } from './existing.ts';
import { placeInHead } from './head.ts';

const DEFAULT_UNITS = 5;

export const Explanation: ExplanationResolvers = {
  id: ({ prediction, place }) => explanationId(prediction.id, place),
  async model({ prediction }, _, { loaders }) {
    const head = await loaders.node.Head.load(prediction.headId);
    return loaders.node.Model.load((await loaders.node.Layer.load(head.layerId)).modelId);
  },
  image: ({ prediction }, _, { loaders }) => loaders.node.Image.load(prediction.imageId),
  head: ({ prediction }, _, { loaders }) => loaders.node.Head.load(prediction.headId),
  layer: async ({ prediction }, _, { loaders }) => loaders.node.Layer.load((await loaders.node.Head.load(prediction.headId)).layerId),
  class: async ({ prediction, place }, _, { loaders }) => (await loaders.classNames.load(prediction.headId))[place],
  score: (explanation, _, { loaders }) => scoreOfClass(explanation, loaders),
  predicted: ({ prediction, place }) => place === prediction.predicted,
  async bias({ prediction, place }, _, { loaders }) {
    const seen = await seenBy(prediction, loaders);
    return (await classView(seen, place, loaders)).bias;
  },
  contributions: async (explanation, { first, dataset }, { loaders, budget }) =>
    budget.count(await contributionsOf(explanation, countOf('first', first ?? DEFAULT_UNITS), dataset ?? null, loaders)),
  async against({ prediction, place }, { class: other, first, dataset }, context) {
    const otherPlace = await placeInHead(prediction.headId, other, context.loaders);
    return differencesOf(prediction, [place, otherPlace], { first, dataset }, context);
  },
  withoutUnit: ({ prediction }, { index }, context) => withoutUnit(prediction, index, context),
  hasMasks: async ({ prediction }, _, { loaders }) => (await seenBy(prediction, loaders)).feature.hasMaps,
  imageUrl: ({ prediction }) => imageUrl(prediction.imageId),
  sheetUrl: (explanation, { first, dataset }) => sheetUrl(explanation, sheetUnits(first ?? DEFAULT_UNITS), dataset ?? null),
};

export const Contribution: ContributionResolvers = {
  unit: async (contribution, _, context) => orMissing(await unitOf(contribution, context.loaders), contribution, context),
  maskUrl: ({ predictionId, unitIndex }) => maskUrl(predictionId, unitIndex),
};

export const ContributionDifference: ContributionDifferenceResolvers = {
  unit: async (difference, _, context) => orMissing(await unitOf(difference, context.loaders), difference, context),
  maskUrl: ({ predictionId, unitIndex }) => maskUrl(predictionId, unitIndex),
};

export const WithoutUnit: WithoutUnitResolvers = {
  predictedClass: ({ classes }) => classes[bestClass(classes.map(({ after }) => after))].class,
};

/** The units that speak most for the first class rather than the second. */
export async function differencesOf(
  prediction: PredictionRow,
  places: readonly [number, number],
  { first, dataset }: { first?: number | null; dataset?: string | null },
  { loaders, budget }: Context,
): Promise<ContributionDifferenceRow[]> {
  const seen = await seenBy(prediction, loaders);
  const units = await unitsBetween(seen, places, countOf('first', first ?? DEFAULT_UNITS), loaders);
  const place = { predictionId: prediction.id, layerId: seen.layer.id, dataset: dataset ?? null };
  return budget.count(units.map((unit) => ({ ...unit, ...place })));
}

async function withoutUnit(prediction: PredictionRow, unitIndex: number, { loaders, budget }: Context): Promise<WithoutUnitRow> {
  const seen: Seen = await seenBy(prediction, loaders);
  if (unitIndex < 0 || unitIndex >= seen.inputs.length) {
    throw new DissectoryError('BAD_INPUT', `Layer ${seen.layer.name} has units 0 to ${seen.inputs.length - 1}, not ${unitIndex}.`);
  }
  const [names, classes] = await Promise.all([loaders.classNames.load(seen.head.id), loaders.classesOfHead.load(seen.head.id)]);
  const changed = budget.count(classes).map(({ weights, bias }, place) => {
    const before = scoreOf(weights, bias, seen.inputs);
    const lost = weights[unitIndex] * seen.inputs[unitIndex];
    return { class: names[place], before, after: before - lost, change: 0 - lost };
  });
  return { unitIndex, classes: changed };
}

/** Throws BAD_INPUT where there would be more, or nothing, on a page. */
function sheetUnits(first: number): number {
  if (first >= 1 && first <= MAX_SHEET_UNITS) return first;
  throw new DissectoryError('BAD_INPUT', `A sheet shows 1 to ${MAX_SHEET_UNITS} units, not ${first}.`);
}
