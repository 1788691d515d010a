/** Convolutions, poolings, transposed convolutions. */
import { integer, integers, text } from '../graph.ts';
import { type AxisField, throughTransposedWindow, throughWindow, type Window } from './axis.ts';
import { liesAlong, type Rule, type Shape, type Step, spatialAxes } from './tensor-field.ts';

type Through = (field: AxisField, window: Window) => AxisField;

export const slide: Rule = (step) => overPlanes(step, throughWindow, slidingPad);

export const slideTransposed: Rule = (step) => overPlanes(step, throughTransposedWindow, transposedPad);

interface Extents {
  input: number;
  output: number;
}

function overPlanes(step: Step, through: Through, padOf: (step: Step, axis: 0 | 1, window: Window, extents: Extents) => number) {
  const [name] = step.node.input;
  const field = step.fieldOf(name);
  if (typeof field === 'string') return field;
  const input = step.shapeOf(name);
  const output = step.shapeOf(step.node.output[0]);
  const kernel = kernelOf(step);
  const axes = spatialAxes(step.node);
  if (!liesAlong(field, axes) || input?.length !== 4 || output?.length !== 4 || kernel?.length !== 2) return 'unknown';
  const strides = integers(step.node, 'strides') ?? [1, 1];
  const dilations = integers(step.node, 'dilations') ?? [1, 1];
  const along = (axis: 0 | 1, before: AxisField) => {
    const window = { kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis], padBegin: 0 };
    const extents = { input: input.at(axes[axis]) ?? 1, output: output.at(axes[axis]) ?? 1 };
    return through(before, { ...window, padBegin: padOf(step, axis, window, extents) });
  };
  return { y: along(0, field.y), x: along(1, field.x), height: output.at(axes[0]) ?? 1, width: output.at(axes[1]) ?? 1, axes };
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
  const field = step.fieldOf(step.node.input[0]);
  const output = step.shapeOf(step.node.output[0]);
  if (typeof field === 'string') return field;
  const axes = spatialAxes(step.node);
  if (!liesAlong(field, axes) || output?.length !== 4) return 'unknown';
  const size = integer(step.node, 'blocksize', 1);
  return { y: through(field.y, size), x: through(field.x, size), height: output.at(axes[0]) ?? 1, width: output.at(axes[1]) ?? 1, axes };
}
