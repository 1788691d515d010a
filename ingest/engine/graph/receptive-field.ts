import type { Grid } from '../../../core/grid.ts';
import type { ReceptiveField } from '../engine.ts';
import { lineOf, PIXEL } from './field/axis.ts';
import { batchDim, mapDim, sizeOf, unitsDim } from './field/dims.ts';
import { ruleOf } from './field/rules.ts';
import type { Field, Step, TensorField } from './field/tensor-field.ts';
import { constantIntegers, type Graph, reads, writes } from './graph.ts';
import { type ImageInput, inputShape, type Layout } from './image-input.ts';
import type { TensorFacts } from './tensor-facts.ts';

/**
 * Follows the image through the graph, to every tensor that depends on it: what the tensor's dimensions run over, and
 * which pixels its cells hear (docs/definitions.md, Upsampling).
 *
 * 'unknown' stands where the graph does not say: behind operators without a rule, and where a reshape cuts through rows
 * or columns. Tensors that do not depend on the image's pixels are left out.
 *
 * @param measured layouts of tensors that were found out in another way, for those that the graph does not prove
 */
export function receptiveFields(
  graph: Graph,
  input: ImageInput,
  facts: ReadonlyMap<string, TensorFacts>,
  measured: ReadonlyMap<string, Layout> = new Map(),
): Map<string, TensorField | 'unknown'> {
  const fields = new Map<string, Field>([[input.name, imageField(input, facts.get(input.name)?.shape[0] ?? 1)]]);
  for (const other of graph.inputs) if (other.name !== input.name) fields.set(other.name, 'unknown');
  const fieldOf = (tensor: string) => fields.get(tensor) ?? 'constant';
  const shapeOf = (tensor: string) => facts.get(tensor)?.shape ?? graph.initializers.get(tensor)?.dims.map(Number) ?? null;
  const integersOf: Step['integersOf'] = (tensor) => {
    if (!tensor || fieldOf(tensor) !== 'constant') return null;
    return constantIntegers(graph, tensor) ?? facts.get(tensor)?.integers ?? null;
  };
  for (const node of graph.nodes) {
    const constant = [...reads(node)].every((name) => fieldOf(name) === 'constant');
    const found = constant ? 'constant' : (ruleOf(node)?.({ node, graph, fieldOf, shapeOf, integersOf }) ?? 'unknown');
    for (const [i, name] of node.output.entries()) {
      if (name === '') continue;
      const field = isEach(found) ? (found[i] ?? 'unknown') : found;
      const known = agrees(field, shapeOf(name)) ? field : 'unknown';
      fields.set(name, known === 'unknown' ? asMeasured(input, measured.get(name), shapeOf(name)) : known);
    }
    for (const name of writes(node)) if (!fields.has(name)) fields.set(name, 'unknown');
  }
  fields.delete(input.name);
  return new Map([...fields].flatMap(([name, field]) => (field === 'constant' ? [] : [[name, field]])));
}

/** A map whose layout is known, but not what its cells hear. */
function asMeasured(input: ImageInput, layout: Layout | undefined, shape: readonly number[] | null): TensorField | 'unknown' {
  if (!layout || shape?.length !== 4) return 'unknown';
  const [height, width, units] = layout === 'NCHW' ? [shape[2], shape[3], shape[1]] : [shape[1], shape[2], shape[3]];
  const axis = (cells: number, extent: number) => ({ first: [0], last: [0], shift: extent / cells, open: true, cells });
  const map = [mapDim('y', height), mapDim('x', width)];
  const dims = [batchDim(shape[0]), ...(layout === 'NCHW' ? [unitsDim(units), ...map] : [...map, unitsDim(units)])];
  return { dims, y: axis(height, input.height), x: axis(width, input.width) };
}

function isEach(found: Field | readonly Field[]): found is readonly Field[] {
  return Array.isArray(found);
}

/** A layout of another shape than the tensor's own is none: a rule does not know this form of its operator. */
function agrees(field: Field, shape: readonly number[] | null): boolean {
  if (typeof field === 'string') return true;
  return shape !== null && shape.length === field.dims.length && field.dims.every((one, i) => sizeOf(one) === shape[i]);
}

function imageField(input: ImageInput, batch: number): TensorField {
  const { height, width, layout } = input;
  const shape = inputShape(input, batch);
  const y = { ...PIXEL, cells: height };
  const x = { ...PIXEL, cells: width };
  const map = [mapDim('y', height), mapDim('x', width)];
  const channels = unitsDim(layout === 'NCHW' ? shape[1] : shape[3]);
  return { dims: [batchDim(batch), ...(layout === 'NCHW' ? [channels, ...map] : [...map, channels])], y, x };
}

/** Where the cells of a map of the given size lie; evenly spread over the input where the graph does not say. */
export function gridOf(field: TensorField | 'unknown', input: ImageInput, height: number, width: number): Grid {
  const lines = linesOf(field);
  if (!lines) {
    return {
      height,
      width,
      offsetY: (input.height / height - 1) / 2,
      offsetX: (input.width / width - 1) / 2,
      strideY: input.height / height,
      strideX: input.width / width,
    };
  }
  const { y, x } = lines;
  return { height, width, offsetY: y.offset, offsetX: x.offset, strideY: y.stride, strideX: x.stride };
}

export function extentOf(field: TensorField | 'unknown'): ReceptiveField | null {
  const lines = linesOf(field);
  return lines && { height: lines.y.size, width: lines.x.size };
}

/** Rows and columns as lines; null where no one knows what a cell hears. */
export function linesOf(field: TensorField | 'unknown') {
  if (field === 'unknown' || !field.y || !field.x) return null;
  const [y, x] = [lineOf(field.y), lineOf(field.x)];
  return y.size === null || x.size === null ? null : { y: { ...y, size: y.size }, x: { ...x, size: x.size } };
}
