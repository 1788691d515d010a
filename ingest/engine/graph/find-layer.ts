import { basename } from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import type { LayerInfo } from '../engine.ts';
import { closest } from './closest.ts';
import { FLOATS } from './map-tensor.ts';
import type { LayerNames } from './names.ts';
import type { TensorFacts } from './tensor-facts.ts';

const FEW = 24;

/**
 * The layer that a name means. `why`: why a tensor is no layer, as what follows "the layer NAME". Throws
 * LAYER_NOT_FOUND naming those that exist, NOT_SPATIAL where the name means a tensor without a map.
 */
export function findLayer(
  file: string,
  name: string,
  layers: readonly LayerInfo[],
  names: LayerNames,
  why: (tensor: string) => string,
): LayerInfo {
  const tensor = names.find(name);
  const layer = layers.find((candidate) => candidate.tensor === tensor);
  if (layer) return layer;
  const known = choices(file, name, layers);
  if (tensor === null) throw new DissectoryError('LAYER_NOT_FOUND', `There is no layer "${name}" in ${basename(file)}. ${known}`);
  throw new DissectoryError('NOT_SPATIAL', `The layer "${name}" of ${basename(file)} ${why(tensor)}. ${known}`);
}

function choices(file: string, name: string, layers: readonly LayerInfo[]): string {
  const listed = layers.filter((layer) => layer.listed).map((layer) => layer.name);
  const all = `"dissectory model layers ${basename(file)}" shows all of them.`;
  if (listed.length === 0) return `It has no convolution layers. ${all}`;
  if (listed.length <= FEW) return `Its layers: ${listed.join(', ')}; ${all}`;
  return `The closest of its ${listed.length} layers: ${closest(name, listed, 8).join(', ')}; ${all}`;
}

/** Why a tensor is no layer, as what follows "the layer NAME". */
export function whyUnreadable(fact: TensorFacts | null): string {
  if (!fact) return 'has no values that could be read: it does not follow from the image alone, or only through a loop or a condition';
  if (!FLOATS.has(fact.elementType)) return 'holds no floating-point numbers';
  const [, ...rest] = fact.shape;
  const [first] = rest;
  const shown = `an image gives [${rest.join(', ')}]`;
  if (rest.length === 2)
    return `is a sequence of ${first} tokens: if they are patches, name their grid in the model card, such as "tokens": {"grid": [14, 14], "skip": 1}`;
  if (rest.length === 3)
    return `has no map that is proven: ${shown}, and it cannot be told which of these are units, which rows and columns`;
  return `has no spatial map that could be dissected: ${shown}`;
}
