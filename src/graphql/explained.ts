/** What an explanation is made of, read from the store: a class's weights and the image's features. */
import { DissectoryError } from '../../core/errors.ts';
import { contributions, headInputs, rankUnits, scoreOf } from '../../core/explanation.ts';
import type { Feature } from './loaders/explanations.ts';
import type { Loaders } from './loaders/index.ts';
import type { ContributionRow, ExplanationRow, HeadRow, LayerRow, PredictionRow } from './rows.ts';

/** What a head sees of an image. */
export interface Seen {
  head: HeadRow;
  layer: LayerRow;
  feature: Feature;
  /** One a unit: what the weights are multiplied with. */
  inputs: Float64Array;
}

/** One class's part in it. */
export interface ClassView {
  weights: Float32Array;
  bias: number;
  /** One a unit. */
  contributed: Float64Array;
}

/** Throws NOT_FOUND where the image's features are no longer stored. */
export async function seenBy(prediction: PredictionRow, loaders: Loaders): Promise<Seen> {
  const head = await loaders.node.Head.load(prediction.headId);
  const [layer, feature] = await Promise.all([
    loaders.node.Layer.load(head.layerId),
    loaders.feature.load({ layerId: head.layerId, imageId: prediction.imageId }),
  ]);
  if (!feature) throw new DissectoryError('NOT_FOUND', 'The features of this image are not stored any more: have it explained again.');
  return { head, layer, feature, inputs: headInputs(head.kind, feature.sums, layer.gridHeight * layer.gridWidth) };
}

/** Throws NOT_FOUND where the head has no class at this place. */
export async function classView({ head, inputs }: Pick<Seen, 'head' | 'inputs'>, place: number, loaders: Loaders): Promise<ClassView> {
  const found = await loaders.headClass.load({ headId: head.id, index: place });
  if (!found) throw new DissectoryError('NOT_FOUND', `This head has no class at place ${place}.`);
  return { ...found, contributed: contributions(found.weights, inputs) };
}

/** Of the predicted class as it was stored, of any other computed. */
export async function scoreOfClass({ prediction, place }: ExplanationRow, loaders: Loaders): Promise<number> {
  if (place === prediction.predicted) return prediction.score;
  const seen = await seenBy(prediction, loaders);
  const { weights, bias } = await classView(seen, place, loaders);
  return scoreOf(weights, bias, seen.inputs);
}

/**
 * The `first` units that contribute most to the class.
 * @param dataset slug of the dissection that says what they detect; null for the layer's newest
 */
export async function contributionsOf(
  { prediction, place }: ExplanationRow,
  first: number,
  dataset: string | null,
  loaders: Loaders,
): Promise<ContributionRow[]> {
  const seen = await seenBy(prediction, loaders);
  const { weights, contributed } = await classView(seen, place, loaders);
  return rankUnits(contributed)
    .slice(0, first)
    .map((unitIndex) => ({
      ...{ predictionId: prediction.id, layerId: seen.layer.id, dataset, unitIndex },
      ...{ weight: weights[unitIndex], activation: seen.inputs[unitIndex], value: contributed[unitIndex] },
    }));
}

/** A unit's part in the difference between two classes. */
export interface UnitDifference {
  unitIndex: number;
  activation: number;
  towards: number;
  against: number;
  value: number;
}

/** Units by how much more they contribute to one class than to another, most first; `first` of them. */
export async function unitsBetween(
  seen: Seen,
  places: readonly [number, number],
  first: number,
  loaders: Loaders,
): Promise<UnitDifference[]> {
  const [towards, against] = await Promise.all(places.map((place) => classView(seen, place, loaders)));
  const values = towards.contributed.map((value, unit) => value - against.contributed[unit]);
  return rankUnits(values)
    .slice(0, first)
    .map((unit) => ({
      unitIndex: unit,
      activation: seen.inputs[unit],
      towards: towards.contributed[unit],
      against: against.contributed[unit],
      value: values[unit],
    }));
}
