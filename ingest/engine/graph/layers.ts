import { type NodeProto, TensorProto_DataType } from 'onnx-buf';
import type { LayerInfo } from '../engine.ts';
import type { TensorField } from './field/tensor-field.ts';
import { type Graph, writes } from './graph.ts';
import type { ImageInput, Layout } from './image-input.ts';
import { listedTensors } from './listed.ts';
import type { LayerNames } from './names.ts';
import { extentOf, gridOf } from './receptive-field.ts';
import type { TensorFacts } from './tensor-facts.ts';

/** A tensor with a map for each of its units. */
export interface MapTensor {
  tensor: string;
  elementType: TensorProto_DataType;
  layout: Layout;
  node: NodeProto;
  index: number;
  units: number;
  height: number;
  width: number;
  field: TensorField | 'unknown';
}

const FLOATS = new Set([TensorProto_DataType.FLOAT, TensorProto_DataType.FLOAT16, TensorProto_DataType.DOUBLE]);

/**
 * The tensors that can be dissected, in the graph's order: floats that depend on the image, four dimensions, one of them the batch,
 * one the units. A map of one cell counts only where the graph says which part of the image it sees; otherwise it is global.
 */
export function mapTensors(
  graph: Graph,
  input: ImageInput,
  facts: ReadonlyMap<string, TensorFacts>,
  fields: ReadonlyMap<string, TensorField | 'unknown'>,
): MapTensor[] {
  return graph.nodes.flatMap((node, index) =>
    writes(node).flatMap((tensor) => {
      const field = fields.get(tensor);
      const fact = facts.get(tensor);
      if (!field || !fact || !FLOATS.has(fact.elementType) || fact.shape.length !== 4 || fact.shape[0] !== (input.batch ?? 1)) return [];
      const layout = layoutOf(field, graph);
      if (!layout) return [];
      const [units, height, width] = layout === 'NCHW' ? fact.shape.slice(1) : [fact.shape[3], fact.shape[1], fact.shape[2]];
      if (units * height * width === 0 || (field === 'unknown' && height * width === 1)) return [];
      return [{ tensor, elementType: fact.elementType, layout, node, index, units, height, width, field }];
    }),
  );
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
    units: map.units,
    grid: gridOf(map.field, input, map.height, map.width),
    receptiveField: extentOf(map.field),
    listed: listed.has(map.tensor),
  }));
}
