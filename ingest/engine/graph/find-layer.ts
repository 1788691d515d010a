import { basename } from 'node:path';
import { DissectoryError } from '../../../prisma/errors.ts';
import type { LayerInfo } from '../engine.ts';
import { closest } from './closest.ts';
import type { LayerNames } from './names.ts';

const FEW = 24;

/**
 * The layer that a name means. Throws LAYER_NOT_FOUND naming those that exist, NOT_SPATIAL where the name means a tensor without a map.
 * `shapeOf`: a tensor's dimensions, the batch first; null where they are not known.
 */
export function findLayer(
  file: string,
  name: string,
  layers: readonly LayerInfo[],
  names: LayerNames,
  shapeOf: (tensor: string) => readonly number[] | null,
): LayerInfo {
  const tensor = names.find(name);
  const layer = layers.find((candidate) => candidate.tensor === tensor);
  if (layer) return layer;
  const known = choices(file, name, layers);
  if (tensor === null) throw new DissectoryError('LAYER_NOT_FOUND', `There is no layer "${name}" in ${basename(file)}. ${known}`);
  throw new DissectoryError('NOT_SPATIAL', `The layer "${name}" of ${basename(file)} ${reason(shapeOf(tensor))}. ${known}`);
}

function choices(file: string, name: string, layers: readonly LayerInfo[]): string {
  const listed = layers.filter((layer) => layer.listed).map((layer) => layer.name);
  const all = `"dissectory model layers ${basename(file)}" shows all of them.`;
  if (listed.length === 0) return `It has no convolution layers. ${all}`;
  if (listed.length <= FEW) return `Its layers: ${listed.join(', ')}; ${all}`;
  return `The closest of its ${listed.length} layers: ${closest(name, listed, 8).join(', ')}; ${all}`;
}

function reason(shape: readonly number[] | null): string {
  if (!shape) return 'has no map that could be dissected';
  const [, ...rest] = shape;
  const values = rest.reduce((product, size) => product * size, 1);
  if (Math.max(1, ...rest) === values)
    return `has no spatial map: it gives ${values === 1 ? 'one value' : `${values} values`} for a whole image`;
  return `has no spatial map that could be dissected: an image gives [${rest.join(', ')}]`;
}
