import { DissectoryError } from '../../core/errors.ts';
import { bytesToFloats } from '../../core/floats.ts';
import { headMeant } from '../../core/head-meant.ts';
import type { Head, Layer, Model } from '../../prisma/generated/client.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Store } from '../../store/store.ts';
import type { OwnHead } from '../engine/engine.ts';
import { openModel } from '../registered/registered.ts';
import { writeHead } from '../write/head.ts';
import { ensureLayer } from '../write/model.ts';

/** A stored head in memory. */
export interface LinearHead extends Pick<Head, 'id' | 'kind' | 'key' | 'layerId' | 'datasetId'> {
  layer: Layer;
  model: Model;
  classes: readonly { name: string; weights: Float32Array; bias: number }[];
}

/** Throws NOT_FOUND. */
export async function loadHead({ prisma }: Store, id: number): Promise<LinearHead> {
  const found = await prisma.head.findUnique({
    where: { id },
    include: { layer: { include: { model: true } }, classes: { orderBy: { index: 'asc' } } },
  });
  if (!found) throw new DissectoryError('NOT_FOUND', `There is no head ${id}.`);
  const { layer, classes, ...head } = found;
  return { ...head, layer, model: layer.model, classes: classes.map((one) => ({ ...one, weights: bytesToFloats(one.weights) })) };
}

/** What a model's card calls the network's outputs; their numbers where it does not say. */
export const classNames = ({ classes }: Model, count: number): string[] =>
  classes.length === count ? classes : Array.from({ length: count }, (_, c) => String(c));

/** Stores the head that a network ends in, and gives its id; null where it ends in none. */
export async function ensureOwnHead(store: Store, model: Model, own: OwnHead | null): Promise<number | null> {
  if (!own) return null;
  const { layer, classes: count, weights, biases } = own;
  const { id: layerId } = await ensureLayer(store, model.id, layer);
  const names = classNames(model, count);
  const classes = names.map((name, c) => ({ name, weights: weights.subarray(c * layer.units, (c + 1) * layer.units), bias: biases[c] }));
  const identity = { kind: 'OWN', layerId, modelSha256: model.sha256, codeVersion: CODE_VERSION, names };
  return writeHead(store, identity, { kind: 'OWN', layerId, datasetId: null, parameters: { codeVersion: CODE_VERSION }, classes });
}

/**
 * The head that explains a model: the one that is named, else the one that speaks for it (`headMeant`).
 *
 * @param slug of the model, @param id of the head
 * @throws NOT_FOUND, BAD_INPUT where the head is another model's, or the model has none; what `openModel` throws
 */
export async function headOf(store: Store, slug: string, id?: number): Promise<LinearHead> {
  if (id !== undefined) {
    const head = await loadHead(store, id);
    if (head.model.slug === slug) return head;
    throw new DissectoryError('BAD_INPUT', `Head ${id} is of model "${head.model.slug}", not of "${slug}".`);
  }
  const heads = await store.prisma.head.findMany({ where: { layer: { model: { slug } } }, select: { id: true, kind: true } });
  const stored = headMeant(heads);
  if (stored?.kind === 'OWN') return loadHead(store, stored.id);
  const { model, network } = await openModel(store, slug);
  const found = (await ensureOwnHead(store, model, await network.ownHead())) ?? stored?.id;
  if (found !== undefined) return loadHead(store, found);
  const message = `Model "${slug}" does not end in global average pooling and one linear layer: train a classifier on its features with \`dissectory classify ${slug} --images LABELLED\`.`;
  throw new DissectoryError('BAD_INPUT', message);
}
