import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { requireSlug } from '../../core/slug.ts';
import type { Model } from '../../prisma/generated/client.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Store } from '../../store/store.ts';
import type { ModelFacts } from '../engine/card.ts';
import type { Network, Normalisation } from '../engine/engine.ts';
import { channelCount } from '../engine/graph/image-input.ts';
import { perChannel } from '../engine/normalisation.ts';
import { openNetwork } from '../engine/open.ts';
import { readCard } from '../engine/read-card.ts';
import { ensureOwnHead } from '../heads/linear-head.ts';
import { modelHere } from '../registered/model-here.ts';
import { registerModel } from '../write/model.ts';

/** What is said of a model on registering it; what is absent comes from the model card. */
export interface AddModelOptions extends ModelFacts {
  slug: string;
  /** Instead of the one beside the model. */
  card?: string;
  mean?: Normalisation['mean'];
  std?: Normalisation['std'];
  /** The output whose values are the classes' scores. */
  output?: string;
}

export interface AddedModel {
  model: Model;
  network: Network;
  /** What its user should know, one sentence each. */
  notes: readonly string[];
}

/**
 * Registers a model file, ONNX or TensorFlow.js, with the facts of its card, with its listed layers, and with the
 * linear head that it may end in. The same file under the same slug again is the same model.
 *
 * @param file path or s3:// URL
 * @throws BAD_MODEL, BAD_CARD, BAD_INPUT, what `modelHere` throws, CONFLICT where the slug belongs to another file
 */
export async function addModel(store: Store, file: string, options: AddModelOptions): Promise<AddedModel> {
  const { slug, card: cardFile, mean, std, output, ...facts } = options;
  requireSlug(slug);
  if (facts.series !== undefined) requireSlug(facts.series);
  const here = await modelHere(file);
  const card = await readCard(here, cardFile);
  const { classes } = { ...card.facts, ...facts };
  const head = { output: output ?? card.output, classes: classes?.length };
  const network = await openNetwork(here, { ...card, ...head });
  const normalisation = { ...network.usualNormalisation, ...card.normalisation, ...(mean && { mean }), ...(std && { std }) };
  const stated = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const record = {
    ...card.facts,
    ...stated,
    slug,
    sha256: network.sha256,
    format: network.format,
    path: isObjectUrl(file) ? file : path.resolve(file),
    inputShape: [channelCount(network.channels), network.inputHeight, network.inputWidth],
    channels: network.channels,
    mean: perChannel('mean', normalisation.mean, network.channels),
    std: perChannel('std', normalisation.std, network.channels),
    resize: card.resize,
    inputs: card.inputs,
    output: head.output,
    tokens: card.tokens ? [card.tokens.height, card.tokens.width, card.tokens.skip] : [],
  };
  const model = await registerModel(store, { ...record, layers: network.layers });
  const notes = [...network.notes];
  // Which output is meant is asked when somebody wants its scores
  const own = await network.ownHead().catch((error) => {
    if (!(error instanceof DissectoryError && error.code === 'BAD_INPUT')) throw error;
    notes.push(error.message);
    return null;
  });
  await ensureOwnHead(store, model, own);
  return { model, network, notes };
}
