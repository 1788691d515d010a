import { placeOfClass } from '../../core/class-place.ts';
import { contributions, headInputs, rankUnits, scoreOf } from '../../core/explanation.ts';
import type { Store } from '../../store/store.ts';
import { computeFeatures } from '../heads/features/compute-features.ts';
import { openLayer, type Where } from '../heads/features/opened-layer.ts';
import { readSums } from '../heads/features/read-sums.ts';
import { headOf, type LinearHead } from '../heads/linear-head.ts';
import { predict } from '../heads/predict.ts';
import { type UnitLabel, unitLabels } from '../heads/unit-labels.ts';
import { imagesOf } from './images-of.ts';

export interface ExplainRequest extends Where {
  /** Slug. */
  model: string;
  /** An image file, a folder of them, or the slug of a dataset. */
  images: string;
  /** How many units are told. */
  top: number;
  /** Absent: see `headOf`. */
  head?: number;
  /** The class that is explained; absent: the predicted one. */
  className?: string;
  /** Slug of the dataset over which the units were dissected that are named; absent: any. */
  dataset?: string;
  batchSize?: number;
  signal?: AbortSignal;
  onProgress(images: number, of: number): void;
}

/** Why a head gives an image its score for a class. */
export interface Explanation {
  /** Of the image. */
  id: number;
  file: string;
  predicted: string;
  /** The class that is explained. */
  className: string;
  score: number;
  bias: number;
  /** Those that contribute most, most first. */
  units: (Partial<UnitLabel> & { unit: number; weight: number; activation: number; contribution: number })[];
}

/**
 * Explains what a head predicts for images, and stores all that it takes to explain them again: features with their
 * maps, and predictions. What is stored already is not computed again.
 *
 * @throws NOT_FOUND, BAD_INPUT where the model has no head or the head no such class, BAD_MODEL, BAD_IMAGE
 */
export async function explainImages(store: Store, request: ExplainRequest): Promise<Explanation[]> {
  const { model, batchSize, signal, onProgress, targets } = request;
  const head = await headOf(store, model, request.head);
  const classNames = head.classes.map(({ name }) => name);
  const asked = request.className === undefined ? null : placeOfClass(classNames, request.className);
  const images = await imagesOf(store, request.images);
  const opened = await openLayer(store, model, head.layer.name, { targets });
  try {
    await computeFeatures(store, opened, images, { maps: true, batchSize, signal, onProgress });
  } finally {
    await opened.runner.close();
  }
  const predictions = await predict(store, head, images);
  const labels = await unitLabels(store, head.layer, request.dataset ?? null);
  const explanations: Explanation[] = [];
  for await (const { image, sums } of readSums(store, head.layerId, images)) {
    const { id, file } = image;
    const { predicted } = predictions[explanations.length];
    explanations.push({
      id,
      file,
      predicted: head.classes[predicted].name,
      ...explain(head, asked ?? predicted, sums, labels, request.top),
    });
  }
  return explanations;
}

function explain(head: LinearHead, place: number, sums: Float32Array, labels: readonly UnitLabel[], top: number) {
  const { name: className, weights, bias } = head.classes[place];
  const inputs = headInputs(head.kind, sums, head.layer.gridHeight * head.layer.gridWidth);
  const contributed = contributions(weights, inputs);
  const units = rankUnits(contributed)
    .slice(0, top)
    .map((unit) => ({ unit, weight: weights[unit], activation: inputs[unit], contribution: contributed[unit], ...labels[unit] }));
  return { className, score: scoreOf(weights, bias, inputs), bias, units };
}
