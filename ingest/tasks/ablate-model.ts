import { DissectoryError } from '../../core/errors.ts';
import { keyOf } from '../../core/key.ts';
import type { AblationMethod } from '../../prisma/generated/enums.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Store } from '../../store/store.ts';
import { openLabelled } from '../dataset/labelled/open-labelled.ts';
import type { LayerInfo } from '../engine/engine.ts';
import { exactAblation } from '../heads/exact.ts';
import { computeFeatures } from '../heads/features/compute-features.ts';
import { type OpenedLayer, openLayer, startLayer, type Where } from '../heads/features/opened-layer.ts';
import { classNames, ensureOwnHead, headOf, type LinearHead, loadHead } from '../heads/linear-head.ts';
import { rerunAblation } from '../heads/rerun.ts';
import { type LabelledImages, testedImages } from '../heads/tested-images.ts';
import type { AblationTally } from '../math/linear/ablation-tally.ts';
import { openModel } from '../registered/registered.ts';
import { type AblationRecord, findAblation, writeAblation } from '../write/ablation.ts';
import { ensureLayer } from '../write/model.ts';

export interface AblateRequest extends Where {
  /** Slug. */
  model: string;
  /** Slug of labelled images. */
  images: string;
  /** Absent: that of the head. */
  layer?: string;
  /** Absent: the network's own. */
  head?: number;
  signal?: AbortSignal;
  onProgress(images: number, of: number): void;
}

export interface Ablated {
  /** Of the ablation. */
  id: number;
  method: AblationMethod;
  layer: string;
  /** False where the store had it already. */
  computed: boolean;
}

/**
 * Finds out what each unit of a layer means to each class: how far the class's score, and the share of its images that
 * are told right, fall when the unit is zeroed, in the mean over the class's test images (Bau et al., Understanding the
 * role of individual units in a deep neural network, PNAS 2020). From the weights where a linear head stands on the
 * layer; else the rest of the network runs again for every unit. What the store has already is not computed again.
 *
 * @throws NOT_FOUND, BAD_INPUT where no class of the images is known, where the layer decides no scores, or where the
 * engine cannot run a part of a network; BAD_MODEL, BAD_DATASET, BAD_IMAGE, LAYER_NOT_FOUND
 */
export async function ablateModel(store: Store, request: AblateRequest): Promise<Ablated> {
  const labelled = await openLabelled(store, request.images);
  if (request.head !== undefined) {
    const head = await headOf(store, request.model, request.head);
    return exactly(store, request, labelled, head, () => openLayer(store, request.model, head.layer.name, request));
  }
  const opened = await openModel(store, request.model);
  const own = await opened.network.ownHead();
  const layer = request.layer === undefined ? own?.layer : opened.network.layer(request.layer);
  if (!layer) {
    const message = `Model "${request.model}" has no linear head on a layer: name the layer whose units are to be zeroed with --layer.`;
    throw new DissectoryError('BAD_INPUT', message);
  }
  if (layer.tensor !== own?.layer.tensor) return byRunningAgain(store, request, labelled, opened, layer);
  const head = await loadHead(store, (await ensureOwnHead(store, opened.model, own)) as number);
  return exactly(store, request, labelled, head, () => startLayer(store, opened.model, opened.network, own.layer, request));
}

/** @param start makes the head's layer ready to run, where something has to be computed */
function exactly(
  store: Store,
  { signal, onProgress }: AblateRequest,
  labelled: LabelledImages,
  head: LinearHead,
  start: () => Promise<OpenedLayer>,
): Promise<Ablated> {
  const names = head.classes.map(({ name }) => name);
  const tested = testedImages(labelled, names);
  const record = { method: 'EXACT', layerId: head.layerId, headId: head.id, names } as const;
  return found(store, labelled, head.layer.name, record, { head: head.key }, async () => {
    const opened = await start();
    try {
      const images = tested.map(({ image }) => image);
      await computeFeatures(store, opened, images, { maps: false, signal, onProgress });
    } finally {
      await opened.runner.close();
    }
    return { ran: opened.runner, tally: await exactAblation(store, head, tested) };
  });
}

async function byRunningAgain(
  store: Store,
  { signal, onProgress }: AblateRequest,
  labelled: LabelledImages,
  { model, network, normalisation }: Awaited<ReturnType<typeof openModel>>,
  layer: LayerInfo,
): Promise<Ablated> {
  const rerun = await network.rerun(layer, normalisation);
  if (!rerun) {
    const message = `${layer.name} of model "${model.slug}" leads to no scores of classes that it decides: name a layer in front of the network's classifier.`;
    throw new DissectoryError('BAD_INPUT', message);
  }
  try {
    const names = classNames(model, rerun.classes);
    const tested = testedImages(labelled, names);
    const { id: layerId } = await ensureLayer(store, model.id, layer);
    const { mean, std, resize, tokens, channels, inputs, sha256 } = model;
    const { engine, engineVersion, provider } = rerun;
    const seen = { mean, std, resize, tokens, channels, ...(inputs !== null && { inputs }) };
    const identity = { layerId, sha256, ...seen, engine, engineVersion, provider, names };
    const record = { method: 'RERUN', layerId, headId: null, names } as const;
    return await found(store, labelled, layer.name, record, identity, async () => {
      const input = { height: network.inputHeight, width: network.inputWidth };
      const tally = await rerunAblation(store, rerun, tested, { input, resize, units: layer.units, signal, onProgress });
      return { ran: rerun, tally };
    });
  } finally {
    await rerun.close();
  }
}

/** What of an ablation is known before it is computed. */
type Known = Pick<AblationRecord, 'method' | 'layerId' | 'headId'> & { names: readonly string[] };
type Ran = Record<'engine' | 'engineVersion' | 'provider', string>;

/** @param identity all that the numbers depend on beside the images and this code */
async function found(
  store: Store,
  { dataset }: LabelledImages,
  layer: string,
  { names, ...known }: Known,
  identity: Record<string, unknown>,
  compute: () => Promise<{ ran: Ran; tally: AblationTally }>,
): Promise<Ablated> {
  const { id: datasetId, sha256: datasetSha256 } = dataset;
  const key = keyOf({ ...identity, method: known.method, datasetId, datasetSha256, codeVersion: CODE_VERSION });
  const stored = await findAblation(store, key);
  if (stored !== null) return { id: stored, method: known.method, layer, computed: false };
  const { ran, tally } = await compute();
  const { engine, engineVersion, provider } = ran;
  const parameters = { engine, engineVersion, provider, codeVersion: CODE_VERSION };
  const id = await writeAblation(store, key, { ...known, datasetId, parameters }, names, tally);
  return { id, method: known.method, layer, computed: true };
}
