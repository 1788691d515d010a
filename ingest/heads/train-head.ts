import { keyOf } from '../../core/key.ts';
import type { Dataset } from '../../prisma/generated/client.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Store } from '../../store/store.ts';
import type { ClassedImage } from '../dataset/labelled/open-labelled.ts';
import { trainSvm } from '../math/linear/svm.ts';
import { findHead, writeHead } from '../write/head.ts';
import type { OpenedLayer } from './features/opened-layer.ts';
import { readSums } from './features/read-sums.ts';

/** As in the paper, 3.9. */
export const SVM_C = 0.001;

export interface TrainOptions {
  signal?: AbortSignal;
  onProgress?(classes: number, of: number): void;
}

/**
 * Trains a linear SVM for each class against all others, on the stored features of the training images, and gives the
 * head's id. One that is stored already is not trained again.
 */
export async function trainHead(
  store: Store,
  { model, layer, layerId, runner }: OpenedLayer,
  dataset: Dataset,
  images: readonly ClassedImage[],
  { signal, onProgress }: TrainOptions = {},
): Promise<number> {
  const { engine, engineVersion, provider } = runner;
  const provenance = { engine, engineVersion, provider, codeVersion: CODE_VERSION, loss: 'squared hinge', c: SVM_C };
  const { mean, std, resize, tokens, channels, inputs } = model;
  const input = {
    modelSha256: model.sha256,
    datasetSha256: dataset.sha256,
    mean,
    std,
    resize,
    tokens,
    channels,
    ...(inputs !== null && { inputs }),
  };
  const identity = { kind: 'SVM', layerId, datasetId: dataset.id, ...provenance, ...input };
  const stored = await findHead(store, keyOf(identity));
  if (stored !== null) return stored;

  const learned = images.filter(({ split }) => split === 'train');
  const features = new Float32Array(learned.length * layer.units);
  let at = 0;
  for await (const { sums } of readSums(store, layerId, learned)) {
    features.set(sums, at);
    at += layer.units;
  }
  const classes: { name: string; weights: Float32Array; bias: number }[] = [];
  const fits: { objective: number; gap: number; steps: number }[] = [];
  for (const [c, name] of dataset.classes.entries()) {
    signal?.throwIfAborted();
    const sides = Int8Array.from(learned, ({ classIndex }) => (classIndex === c ? 1 : -1));
    const { weights, bias, ...fit } = trainSvm({ features, units: layer.units, count: learned.length }, sides, SVM_C);
    classes.push({ name, weights: Float32Array.from(weights), bias });
    fits.push(fit);
    onProgress?.(classes.length, dataset.classes.length);
  }
  const parameters = {
    ...provenance,
    objectives: fits.map((fit) => fit.objective),
    gaps: fits.map((fit) => fit.gap),
    steps: fits.map((fit) => fit.steps),
  };
  return writeHead(store, identity, { layerId, kind: 'SVM', datasetId: dataset.id, parameters, classes });
}
