import type { Dataset } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import type { ClassedImage } from '../dataset/labelled/open-labelled.ts';
import { classAccuracies } from '../math/linear/accuracy.ts';
import { writeEvaluation } from '../write/evaluation.ts';
import { computeFeatures, type FeatureOptions } from './features/compute-features.ts';
import type { OpenedLayer } from './features/opened-layer.ts';
import type { LinearHead } from './linear-head.ts';
import { predict } from './predict.ts';

/**
 * Tests a head on the test images whose class it knows by name, and stores what it says of each, with the maps of those
 * that it takes for another class. Their features must be stored.
 *
 * @returns class-averaged accuracy and number of images; null where the head knows none of the classes
 */
export async function evaluateHead(
  store: Store,
  head: LinearHead,
  opened: OpenedLayer,
  dataset: Dataset,
  images: readonly ClassedImage[],
  options: Omit<FeatureOptions, 'maps'>,
): Promise<{ accuracy: number; imageCount: number } | null> {
  const names = new Set(head.classes.map(({ name }) => name));
  const tested = images.filter(({ split, classIndex }) => split === 'test' && names.has(dataset.classes[classIndex]));
  if (tested.length === 0) return null;
  const labelled = tested.map(({ id, classIndex }) => ({ id, className: dataset.classes[classIndex] }));
  const predictions = await predict(store, head, labelled);
  const predicted = predictions.map((one) => one.predicted);
  const truth = predictions.map(({ trueClass }) => trueClass as number);
  const wrong = tested.filter((_, i) => predicted[i] !== truth[i]);
  await computeFeatures(store, opened, wrong, { ...options, maps: true });
  const { mean, shares } = classAccuracies(predicted, truth, head.classes.length);
  const figures = { accuracy: mean, imageCount: tested.length };
  await writeEvaluation(store, { headId: head.id, datasetId: dataset.id, ...figures, classAccuracies: shares });
  return figures;
}
