import path from 'node:path';
import type { Model } from '../prisma/generated/client.ts';
import type { Store } from '../prisma/store.ts';
import type { ModelFacts } from './engine/card.ts';
import type { Network, Normalisation } from './engine/engine.ts';
import { openNetwork } from './engine/open.ts';
import { readCard } from './engine/read-card.ts';
import { requireSlug } from './slug.ts';
import { registerModel } from './write/model.ts';

/** What is said of a model on registering it; what is absent comes from the model card. */
export interface AddModelOptions extends ModelFacts {
  slug: string;
  /** Instead of the one beside the model. */
  card?: string;
  mean?: Normalisation['mean'];
  std?: Normalisation['std'];
}

/**
 * Registers a model file, ONNX or TensorFlow.js, with the facts of its card, and with its listed layers. The same file under the same slug again is the same model.
 *
 * @throws BAD_MODEL, BAD_CARD, BAD_INPUT, CONFLICT where the slug belongs to another file
 */
export async function addModel(store: Store, file: string, options: AddModelOptions): Promise<{ model: Model; network: Network }> {
  const { slug, card: cardFile, mean, std, ...facts } = options;
  requireSlug(slug);
  if (facts.series !== undefined) requireSlug(facts.series);
  const card = await readCard(file, cardFile);
  const network = await openNetwork(file, card);
  const stated = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const record = {
    ...card.facts,
    ...stated,
    slug,
    sha256: network.sha256,
    format: network.format,
    path: path.resolve(file),
    inputShape: [3, network.inputHeight, network.inputWidth],
    mean: [...(mean ?? card.normalisation.mean)],
    std: [...(std ?? card.normalisation.std)],
    resize: card.resize,
    tokens: card.tokens ? [card.tokens.height, card.tokens.width, card.tokens.skip] : [],
  };
  return { model: await registerModel(store, { ...record, layers: network.layers }), network };
}
