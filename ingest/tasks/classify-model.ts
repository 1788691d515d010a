import { DissectoryError } from '../../core/errors.ts';
import type { HeadKind } from '../../prisma/generated/enums.ts';
import type { Store } from '../../store/store.ts';
import { openLabelled } from '../dataset/labelled/open-labelled.ts';
import type { Network } from '../engine/engine.ts';
import { evaluateHead } from '../heads/evaluate-head.ts';
import { computeFeatures } from '../heads/features/compute-features.ts';
import { type OpenedLayer, startLayer, type Where } from '../heads/features/opened-layer.ts';
import { ensureOwnHead, loadHead } from '../heads/linear-head.ts';
import { trainHead } from '../heads/train-head.ts';
import { openModel } from '../registered/registered.ts';

export interface ClassifyRequest extends Where {
  /** Slug. */
  model: string;
  /** Slug of labelled images. */
  images: string;
  /** Absent: the one that the network's own head stands on, else the deepest that is listed. */
  layer?: string;
  batchSize?: number;
  signal?: AbortSignal;
  onProgress(phase: 'features' | 'train' | 'maps', done: number, of: number): void;
}

/** A head tested on labelled images. */
export interface Classified {
  head: number;
  kind: HeadKind;
  layer: string;
  /** Class-averaged, 0..1. */
  accuracy: number;
  imageCount: number;
}

/**
 * Trains a linear SVM on a layer's features of labelled images, and tests it, and the network's own head where it has
 * one that knows their classes, on the test images (paper, 3.9). What the store has already is not computed again.
 *
 * @throws NOT_FOUND, BAD_INPUT where there is nothing to test on or nothing to train on, BAD_MODEL, BAD_DATASET,
 * BAD_IMAGE, LAYER_NOT_FOUND, NOT_SPATIAL
 */
export async function classifyModel(store: Store, request: ClassifyRequest): Promise<Classified[]> {
  const { batchSize, signal, onProgress, targets } = request;
  const { dataset, images } = await openLabelled(store, request.images);
  if (!images.some(({ split }) => split === 'test'))
    throw new DissectoryError('BAD_INPUT', `"${request.images}" has no test images: add some under test/ or with the split "test".`);
  const { model, network } = await openModel(store, request.model);
  const own = await network.ownHead();
  const ownId = await ensureOwnHead(store, model, own);
  const asked = request.layer === undefined ? (own?.layer ?? deepest(network, request.model)) : network.layer(request.layer);
  // By one name, whichever it was asked for by: both heads are to have the same features
  const layer = own?.layer.tensor === asked.tensor ? own.layer : asked;
  const layers = own && own.layer !== layer ? [layer, own.layer] : [layer];

  const found: Classified[] = [];
  for (const one of layers) {
    const opened = await startLayer(store, model, network, one, { targets });
    try {
      const features = (phase: 'features' | 'maps') => ({
        batchSize,
        signal,
        onProgress: (done: number, of: number) => onProgress(phase, done, of),
      });
      await computeFeatures(store, opened, images, { ...features('features'), maps: false });
      if (one === layer) {
        const training = { signal, onProgress: (done: number, of: number) => onProgress('train', done, of) };
        await test(await trainHead(store, opened, dataset, images, training), opened);
      }
      if (ownId !== null && one === own?.layer) await test(ownId, opened);

      async function test(id: number, on: OpenedLayer): Promise<void> {
        const head = await loadHead(store, id);
        const figures = await evaluateHead(store, head, on, dataset, images, features('maps'));
        if (figures) found.push({ head: id, kind: head.kind, layer: one.name, ...figures });
      }
    } finally {
      await opened.runner.close();
    }
  }
  return found;
}

function deepest({ layers }: Network, slug: string) {
  const layer = layers.findLast(({ listed, kind }) => listed && kind !== 'vector');
  if (layer) return layer;
  throw new DissectoryError(
    'BAD_INPUT',
    `Model "${slug}" has no layer that stands out: name one with --layer; \`dissectory model layers ${slug} --all\` shows them.`,
  );
}
