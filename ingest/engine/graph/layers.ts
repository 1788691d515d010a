import type { LayerInfo, TokenGrid } from '../engine.ts';
import { holds, isOnly } from './field/dims.ts';
import { isMap, isPlaceless, type TensorField } from './field/tensor-field.ts';
import { type Graph, writes } from './graph.ts';
import type { ImageInput } from './image-input.ts';
import { listedTensors } from './listed.ts';
import { FLOATS, type MapTensor } from './map-tensor.ts';
import type { LayerNames } from './names.ts';
import { extentOf, gridOf } from './receptive-field.ts';
import type { TensorFacts } from './tensor-facts.ts';

/**
 * The tensors that can be dissected, in the graph's order: floats that depend on the image, their first dimension the
 * batch. Maps of units and sequences of tokens are those whose layout the graph proves, and sequences of as many tokens
 * as `tokens` says. What has one dimension besides the batch is one value a unit for the whole image.
 */
export function mapTensors(
  graph: Graph,
  input: ImageInput,
  facts: ReadonlyMap<string, TensorFacts>,
  fields: ReadonlyMap<string, TensorField | 'unknown'>,
  tokens: TokenGrid | null,
): MapTensor[] {
  const images = facts.get(input.name)?.shape[0] ?? 1;
  return graph.nodes.flatMap((node, index) =>
    writes(node).flatMap((tensor) => {
      const field = fields.get(tensor);
      const fact = facts.get(tensor);
      if (!field || !fact || !FLOATS.has(fact.elementType) || !holdsImages(fact.shape, field, images)) return [];
      const arranged = arrange(fact.shape, field, tokens);
      if (!arranged || arranged.units * arranged.height * arranged.width === 0) return [];
      if (arranged.layout === 'NCHWc' && !fillsItsBlocks(graph, tensor)) return [];
      const isLaid =
        arranged.layout !== 'vector' && field !== 'unknown' && field.y?.cells === arranged.height && field.x?.cells === arranged.width;
      return [{ tensor, elementType: fact.elementType, node, index, ...arranged, field: isLaid ? field : 'unknown' }];
    }),
  );
}

/**
 * Whether all channels of a tensor in blocks are the network's own. Blocks are filled up with filters of zeros, whose
 * last weight, which lies last, is zero; pools keep the channels that they are given.
 */
function fillsItsBlocks(graph: Graph, tensor: string): boolean {
  let node = graph.producers.get(tensor);
  while (node?.opType.endsWith('Pool')) node = graph.producers.get(node.input[0]);
  const weights = node?.opType === 'Conv' ? graph.initializers.get(node.input[1]) : undefined;
  if (!weights) return false;
  const { buffer, byteOffset, byteLength } = weights.rawData;
  const last = byteLength >= 4 ? new DataView(buffer, byteOffset, byteLength).getFloat32(byteLength - 4, true) : weights.floatData.at(-1);
  return last !== undefined && last !== 0;
}

/** Whether the first dimension counts the images, and nothing else. */
function holdsImages([first]: readonly number[], field: TensorField | 'unknown', images: number): boolean {
  return first === images && (field === 'unknown' || isOnly(field.dims[0], 'batch'));
}

type Arranged = Pick<MapTensor, 'layout' | 'units' | 'height' | 'width' | 'skip'>;

/**
 * How a tensor's layout is proven, or told by the card; null where it is not, and where it is none of those that can be
 * read.
 */
function arrange(shape: readonly number[], field: TensorField | 'unknown', tokens: TokenGrid | null): Arranged | null {
  const [, ...dims] = shape;
  if (dims.length === 1) return { layout: 'vector', units: dims[0], height: 1, width: 1, skip: 0 };
  if (dims.length === 2 && tokens && dims[0] === tokens.skip + tokens.height * tokens.width)
    return { layout: 'tokens', units: dims[1], ...tokens };
  if (field === 'unknown') return null;
  if (dims.length === 2) return sequence(field, dims[1]);
  for (const [layout, at] of LAYOUTS)
    if (isMap(field, at)) {
      const blocked = holds(field.dims[at.units], 'blocks');
      return { layout: blocked ? 'NCHWc' : layout, units: shape[at.units], height: shape[at.y], width: shape[at.x], skip: 0 };
    }
  const many = dims.filter((size) => size > 1);
  if (!isPlaceless(field) || many.length > 1) return null;
  return { layout: 'vector', units: many[0] ?? 1, height: 1, width: 1, skip: 0 };
}

const LAYOUTS = [
  ['NCHW', { units: 1, y: 2, x: 3 }],
  ['NHWC', { y: 1, x: 2, units: 3 }],
] as const;

/** Patches of a grid that the graph itself laid out, with tokens in front or none. */
function sequence({ dims, y, x }: TensorField, units: number): Arranged | null {
  const [, tokens, last] = dims;
  if (!y || !x || y.pieces || x.pieces || tokens.after > 0 || !isOnly(last, 'units')) return null;
  const [rows, columns, ...others] = tokens.factors;
  const isGrid = rows?.of === 'y' && columns?.of === 'x' && rows.size === y.cells && columns.size === x.cells && others.length === 0;
  return isGrid ? { layout: 'tokens', units, height: y.cells, width: x.cells, skip: tokens.before } : null;
}

/**
 * Describes each map tensor as a layer: names, units, grid, receptive field, and whether a user would call it a layer.
 */
export function describeLayers(graph: Graph, input: ImageInput, maps: readonly MapTensor[], names: LayerNames): LayerInfo[] {
  const listed = listedTensors(graph, maps, (tensor) => isNamed(names.of(tensor)));
  return maps.map((map) => ({
    ...names.of(map.tensor),
    tensor: map.tensor,
    node: map.node.name || null,
    operator: map.node.opType,
    index: map.index,
    kind: map.layout === 'tokens' || map.layout === 'vector' ? map.layout : ('map' as const),
    units: map.units,
    grid: gridOf(map.field, input, map.height, map.width),
    receptiveField: extentOf(map.field),
    listed: listed.has(map.tensor),
  }));
}

/** Whether a module of the author's gives it. */
function isNamed({ module, aliases }: ReturnType<LayerNames['of']>): boolean {
  return module !== null || aliases.length > 0;
}
