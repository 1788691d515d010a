import type { Grid } from '../../../core/grid.ts';
import type { ReceptiveField } from '../engine.ts';
import { PIXEL } from './field/axis.ts';
import { RULES } from './field/rules.ts';
import type { Field, Shape, TensorField } from './field/tensor-field.ts';
import { type Graph, reads, writes } from './graph.ts';
import type { ImageInput } from './image-input.ts';

/**
 * Composes kernels, strides, dilations and pads along the graph, from the image to every tensor that depends on it (docs/definitions.md, Upsampling).
 *
 * Where branches join, the largest receptive field decides. 'unknown' stands where the graph does not say: behind global operators
 * and operators without a rule. Tensors that do not depend on the image's pixels are left out.
 */
export function receptiveFields(
  graph: Graph,
  input: ImageInput,
  shapeOf: (tensor: string) => Shape | null,
): Map<string, TensorField | 'unknown'> {
  const axes = input.layout === 'NCHW' ? ([-2, -1] as const) : ([-3, -2] as const);
  const fields = new Map<string, Field>([[input.name, { y: PIXEL, x: PIXEL, height: input.height, width: input.width, axes }]]);
  for (const other of graph.inputs) if (other.name !== input.name) fields.set(other.name, 'unknown');
  const fieldOf = (tensor: string) => fields.get(tensor) ?? 'constant';
  for (const node of graph.nodes) {
    const constant = [...reads(node)].every((name) => fieldOf(name) === 'constant');
    const rule = constant ? undefined : RULES.get(node.opType);
    const field = constant ? 'constant' : (rule?.({ node, graph, fieldOf, shapeOf }) ?? 'unknown');
    for (const name of writes(node)) fields.set(name, field);
  }
  fields.delete(input.name);
  return new Map([...fields].flatMap(([name, field]) => (field === 'constant' ? [] : [[name, field]])));
}

/** Where the cells of a map of the given size lie; evenly spread over the input where the graph does not say. */
export function gridOf(field: TensorField | 'unknown', input: ImageInput, height: number, width: number): Grid {
  if (field === 'unknown') {
    return {
      height,
      width,
      offsetY: (input.height / height - 1) / 2,
      offsetX: (input.width / width - 1) / 2,
      strideY: input.height / height,
      strideX: input.width / width,
    };
  }
  const { y, x } = field;
  return { height, width, offsetY: y.offset, offsetX: x.offset, strideY: y.stride, strideX: x.stride };
}

export function extentOf(field: TensorField | 'unknown'): ReceptiveField | null {
  return field === 'unknown' ? null : { height: field.y.size, width: field.x.size };
}
