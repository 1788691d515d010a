/** Convolutions, poolings, transposed convolutions. */
import { integer, integers, text } from '../graph.ts';
import { type AxisField, throughTransposedWindow, throughWindow, type Window } from './axis.ts';
import { batchDim, dim, isOnly, mapDim, unitsDim } from './dims.ts';
import { settled } from './settled.ts';
import { type Field, isMap, overKnown, planesOf, type Rule, type Shape, type Step, type TensorField } from './tensor-field.ts';

type Through = (field: AxisField, window: Window) => AxisField;

export const slide: Rule = (step) => overPlanes(step, throughWindow, slidingPad);

/** Those of com.microsoft.nchwc write channels in blocks, the first of them from channels as they usually lie. */
export const slideInBlocks: Rule = (step) => {
  const field = slide(step);
  if (typeof field === 'string' || !('dims' in field)) return field;
  const size = step.shapeOf(step.node.output[0])?.[1] ?? 1;
  return { ...field, dims: field.dims.map((one, i) => (i === 1 ? dim({ of: 'blocks', size, step: 1 }) : one)) };
};

export const slideTransposed: Rule = (step) => overPlanes(step, throughTransposedWindow, transposedPad);

interface Extents {
  input: number;
  output: number;
}

function overPlanes(step: Step, through: Through, padOf: (step: Step, axis: 0 | 1, window: Window, extents: Extents) => number) {
  return overKnown(step, (unsettled, shape) => {
    const output = step.shapeOf(step.node.output[0]);
    const kernel = kernelOf(step);
    const at = planesOf(step.node);
    if (output?.length !== 4 || kernel?.length !== 2) return 'unknown';
    if (isOneImageCell(unsettled, shape)) return { ...unsettled, dims: [unsettled.dims[0], ...output.slice(1).map(unitsDim)] };
    const field = settled(unsettled, at);
    if (!field?.y || !field.x) return 'unknown';
    const strides = integers(step.node, 'strides') ?? [1, 1];
    const dilations = integers(step.node, 'dilations') ?? [1, 1];
    const along = (axis: 0 | 1, before: AxisField, dimension: number) => {
      const window = { kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis], padBegin: 0 };
      const extents = { input: shape[dimension], output: output[dimension] };
      return { ...through(before, { ...window, padBegin: padOf(step, axis, window, extents) }), cells: output[dimension] };
    };
    return onMap(field, at, along(0, field.y, at.y), along(1, field.x, at.x), output);
  });
}

/** Convolutions on what was averaged over the whole map (squeeze-excite) leave it without a place. */
function isOneImageCell({ dims, y, x }: TensorField, shape: Shape): boolean {
  return (
    !y &&
    !x &&
    shape.length === 4 &&
    dims.length === 4 &&
    isOnly(dims[0], 'batch') &&
    dims.every((one) => isOnly(one, 'batch', 'units', 'same'))
  );
}

/** A map of new extents where the old one lay. */
export function onMap(
  { dims }: TensorField,
  at: { y: number; x: number; units: number },
  y: NonNullable<TensorField['y']>,
  x: NonNullable<TensorField['x']>,
  shape: Shape,
): Field {
  const all = [...dims];
  all[0] = batchDim(shape[0]);
  all[at.y] = mapDim('y', y.cells);
  all[at.x] = mapDim('x', x.cells);
  const isBlocked = dims[at.units].factors.some(({ of }) => of === 'blocks');
  all[at.units] = dim({ of: isBlocked ? 'blocks' : 'units', size: shape[at.units], step: 1 });
  const field: TensorField = { dims: all, y, x };
  return isMap(field, at) ? field : 'unknown';
}

/** The attribute, or the spatial shape of the weights. */
function kernelOf({ node, graph, shapeOf }: Step): Shape | null {
  const kernel = integers(node, 'kernel_shape');
  if (kernel) return kernel;
  const weights = node.opType === 'QLinearConv' ? node.input[3] : node.input[1];
  const stored = graph.initializers.get(weights ?? '');
  return (stored ? stored.dims.map(Number) : shapeOf(weights ?? ''))?.slice(2) ?? null;
}

function slidingPad({ node }: Step, axis: 0 | 1, { kernel, stride, dilation }: Window, { input, output }: Extents): number {
  const auto = text(node, 'auto_pad', 'NOTSET');
  if (auto === 'VALID') return 0;
  if (auto === 'NOTSET') return integers(node, 'pads')?.[axis] ?? 0;
  const total = Math.max((output - 1) * stride + (kernel - 1) * dilation + 1 - input, 0);
  return auto === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
}

function transposedPad({ node }: Step, axis: 0 | 1, { kernel, stride, dilation }: Window, { input, output }: Extents): number {
  const auto = text(node, 'auto_pad', 'NOTSET');
  if (auto === 'VALID') return 0;
  const asked = integers(node, 'output_shape');
  if (auto === 'NOTSET' && !asked) return integers(node, 'pads')?.[axis] ?? 0;
  const beyond = integers(node, 'output_padding')?.[axis] ?? 0;
  const total = Math.max((input - 1) * stride + beyond + (kernel - 1) * dilation + 1 - output, 0);
  return auto === 'SAME_UPPER' ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** SpaceToDepth: a block of cells becomes one. */
export const gatherBlocks: Rule = (step) =>
  overBlocks(step, (field, size) => throughWindow(field, { kernel: size, stride: size, dilation: 1, padBegin: 0 }));

/** DepthToSpace: one cell becomes a block; each of the block's cells hears that one cell. */
export const spreadBlocks: Rule = (step) =>
  overBlocks(step, (field, size) => throughTransposedWindow(field, { kernel: size, stride: size, dilation: 1, padBegin: 0 }));

function overBlocks(step: Step, through: (field: AxisField, size: number) => AxisField) {
  return overKnown(step, (unsettled) => {
    const output = step.shapeOf(step.node.output[0]);
    const at = planesOf(step.node);
    const field = settled(unsettled, at);
    if (!field?.y || !field.x || output?.length !== 4) return 'unknown';
    const size = integer(step.node, 'blocksize', 1);
    const along = (before: AxisField, dimension: number) => ({ ...through(before, size), cells: output[dimension] });
    return onMap(field, at, along(field.y, at.y), along(field.x, at.x), output);
  });
}
