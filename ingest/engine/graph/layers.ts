import { type NodeProto, TensorProto_DataType } from 'onnx-buf';
import type { LayerInfo, TokenGrid } from '../engine.ts';
import type { TensorField } from './field/tensor-field.ts';
import { type Graph, writes } from './graph.ts';
import type { Arrangement, ImageInput, Layout } from './image-input.ts';
import { listedTensors } from './listed.ts';
import type { LayerNames } from './names.ts';
import { extentOf, gridOf } from './receptive-field.ts';
import type { TensorFacts } from './tensor-facts.ts';

/** A tensor that can be dissected. */
export interface MapTensor {
  tensor: string;
  elementType: TensorProto_DataType;
  layout: Arrangement;
  node: NodeProto;
  index: number;
  units: number;
  height: number;
  width: number;
  /** Tokens in front that are dropped. */
  skip: number;
  field: TensorField | 'unknown';
}

export const FLOATS: ReadonlySet<TensorProto_DataType> = new Set([
  TensorProto_DataType.FLOAT,
  TensorProto_DataType.FLOAT16,
  TensorProto_DataType.DOUBLE,
]);

/**
 * The tensors that can be dissected, in the graph's order: floats that depend on the image, their first dimension the batch. Four
 * dimensions are a map for each unit; where they are one cell and the graph does not say which part of the image it sees, it is one value a
 * unit for the whole image, as two dimensions are. Three dimensions are tokens, if there are as many as `tokens` says.
 */
export function mapTensors(
  graph: Graph,
  input: ImageInput,
  facts: ReadonlyMap<string, TensorFacts>,
  fields: ReadonlyMap<string, TensorField | 'unknown'>,
  tokens: TokenGrid | null,
): MapTensor[] {
  return graph.nodes.flatMap((node, index) =>
    writes(node).flatMap((tensor) => {
      const field = fields.get(tensor);
      const fact = facts.get(tensor);
      if (!field || !fact || !FLOATS.has(fact.elementType) || fact.shape[0] !== (input.batch ?? 1)) return [];
      const arranged = arrange(fact.shape, field, graph, tokens);
      if (!arranged || arranged.units * arranged.height * arranged.width === 0) return [];
      const isMap = arranged.layout === 'NCHW' || arranged.layout === 'NHWC';
      return [{ tensor, elementType: fact.elementType, node, index, skip: 0, ...arranged, field: isMap ? field : 'unknown' }];
    }),
  );
}

type Arranged = Pick<MapTensor, 'layout' | 'units' | 'height' | 'width'> & { skip?: number };

function arrange(shape: readonly number[], field: TensorField | 'unknown', graph: Graph, tokens: TokenGrid | null): Arranged | null {
  const [, ...dims] = shape;
  if (dims.length === 1) return { layout: 'vector', units: dims[0], height: 1, width: 1 };
  if (dims.length === 2 && tokens && dims[0] === tokens.skip + tokens.height * tokens.width)
    return { layout: 'tokens', units: dims[1], ...tokens };
  const layout = dims.length === 3 ? layoutOf(field, graph) : null;
  if (!layout) return null;
  const [units, height, width] = layout === 'NCHW' ? dims : [dims[2], dims[0], dims[1]];
  return { layout: field === 'unknown' && height * width === 1 ? 'vector' : layout, units, height, width };
}

function layoutOf(field: TensorField | 'unknown', graph: Graph): Layout | null {
  if (field === 'unknown') return graph.layout;
  const axes = field.axes?.join();
  if (axes === '-2,-1') return 'NCHW';
  return axes === '-3,-2' ? 'NHWC' : null;
}

/** Describes each map tensor as a layer: names, units, grid, receptive field, and whether a user would call it a layer. */
export function describeLayers(graph: Graph, input: ImageInput, maps: readonly MapTensor[], names: LayerNames): LayerInfo[] {
  const listed = listedTensors(graph, maps);
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
