/** Operators that move, cut or reduce axes. */
import { constantIntegers, integer, integers } from '../graph.ts';
import { type AxisField, throughSampling, throughWindow } from './axis.ts';
import { join } from './join.ts';
import {
  type Field,
  fromEnd,
  liesAlong,
  type Rule,
  type Shape,
  type Step,
  spatialAxes,
  type TensorField,
  touches,
} from './tensor-field.ts';

/** The first input's field, where its cells stay what they are. */
export const keep: Rule = ({ node, fieldOf }) => fieldOf(node.input[0]);

/** Shapes and the like: they tell nothing of the pixels. */
export const forget: Rule = () => 'constant';

export const transpose: Rule = (step) =>
  overKnown(step, (field, shape) => {
    if (!field.axes) return 'unknown';
    const perm = integers(step.node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
    const [row, column] = field.axes.map((axis) => fromEnd(perm.indexOf(axis + shape.length), shape.length));
    return { ...field, axes: [row, column] };
  });

/**
 * Reshape, Flatten, Squeeze, Unsqueeze. What lies behind rows and columns may be split and joined (channel shuffle, channels last). Rows and
 * columns at a tensor's end may be folded together, and unfolded again (group normalisation, channel shuffle).
 */
export const reshape: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const output = step.shapeOf(step.node.output[0]);
    if (!output) return 'unknown';
    if (endsAlike(field, shape, output)) return field;
    const atEnd = field.axes === null || (field.axes[0] === -2 && field.axes[1] === -1);
    if (!atEnd) return keepsUpToColumns(field, shape, output) ? { ...field, axes: movedToRank(field, shape, output) } : 'unknown';
    const unfolded = output.length >= 2 && output.at(-2) === field.height && output.at(-1) === field.width;
    return { ...field, axes: unfolded ? [-2, -1] : null };
  });

function keepsUpToColumns({ axes }: TensorField, input: Shape, output: Shape): boolean {
  const columns = input.length + Math.max(...(axes ?? [-1]));
  return output.length > columns && input.slice(0, columns + 1).every((size, axis) => size === output[axis]);
}

/** Only axes before the rows are split or joined: a batch of one taken off or put in front. */
function endsAlike({ axes }: TensorField, input: Shape, output: Shape): boolean {
  const behind = axes ? Math.min(...axes) : 0;
  return axes !== null && output.length >= -behind && input.slice(behind).every((size, i) => size === output.at(behind + i));
}

function movedToRank({ axes }: TensorField, input: Shape, output: Shape): TensorField['axes'] {
  const moved = input.length - output.length;
  return axes && [axes[0] + moved, axes[1] + moved];
}

/** Means, sums and maxima: over channels the map stays, over rows or columns it is global. */
export const reduce: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node, graph } = step;
    const single = node.opType.startsWith('Arg') ? [integer(node, 'axis', 0)] : null;
    const axes = single ?? integers(node, 'axes') ?? constantIntegers(graph, node.input[1]) ?? shape.map((_, axis) => axis);
    if (touches(field, axes, shape.length)) return 'unknown';
    return integer(node, 'keepdims', 1) === 1 ? field : dropAxes(field, axes, shape.length);
  });

/** Gather by a list of indices: the axis stays; by one index: it goes. */
export const gather: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const axis = integer(step.node, 'axis', 0);
    if (touches(field, [axis], shape.length) || step.fieldOf(step.node.input[1]) !== 'constant') return 'unknown';
    const output = step.shapeOf(step.node.output[0]);
    if (output?.length === shape.length) return field;
    return output?.length === shape.length - 1 ? dropAxes(field, [axis], shape.length) : 'unknown';
  });

/** TensorFlow's Unpack: one tensor for each place along an axis, which goes. */
export const unpack: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const axis = integer(step.node, 'axis', 0);
    return touches(field, [axis], shape.length) ? 'unknown' : dropAxes(field, [axis], shape.length);
  });

/** SpaceToBatchND: the cells of every `block`-th row and column become an image of their own, as dilated convolutions were once written. */
export const spaceToBatch: Rule = (step) =>
  overBlocks(step, (field, block, padBegin) => throughWindow(field, { kernel: 1, stride: block, dilation: 1, padBegin }));

/** BatchToSpaceND: puts them together again. */
export const batchToSpace: Rule = (step) =>
  overBlocks(step, (field, block, crop) => throughSampling(field, { start: crop / block, step: 1 / block, taps: 1 }));

function overBlocks(step: Step, through: (field: AxisField, block: number, begin: number) => AxisField): Field {
  return overKnown(step, (field) => {
    const output = step.shapeOf(step.node.output[0]);
    const blocks = integers(step.node, 'block_shape');
    const begins = integers(step.node, 'pads');
    const axes = spatialAxes(step.node);
    if (!output || blocks?.length !== 2 || begins?.length !== 2 || !liesAlong(field, axes)) return 'unknown';
    const [height, width] = axes.map((axis) => output.at(axis) ?? 1);
    return { y: through(field.y, blocks[0], begins[0]), x: through(field.x, blocks[1], begins[1]), height, width, axes };
  });
}

export const concat: Rule = (step) => {
  const axis = integer(step.node, 'axis', 1);
  const alongMap = step.node.input.some((name) => {
    const field = step.fieldOf(name);
    return typeof field === 'object' && touches(field, [axis], step.shapeOf(name)?.length ?? 0);
  });
  return alongMap ? 'unknown' : join(step);
};

/** Operators that work along one axis and give parts or sums of it: harmless along channels. */
export const alongAxis =
  (absent: number): Rule =>
  (step) =>
    overKnown(step, (field, shape) => (touches(field, [integer(step.node, 'axis', absent)], shape.length) ? 'unknown' : field));

/** A product with weights over the last axis: a 1x1 convolution where channels come last. */
export const matMul: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const weights = step.node.input[1];
    return step.fieldOf(weights) === 'constant' && shape.length > 2 && !touches(field, [-1], shape.length) ? field : 'unknown';
  });

export const pad: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node, graph } = step;
    const pads = integers(node, 'pads') ?? constantIntegers(graph, node.input[1]);
    const axes = constantIntegers(graph, node.input[3]) ?? shape.map((_, axis) => axis);
    if (!pads) return 'unknown';
    const begins = new Map(axes.map((axis, i) => [fromEnd(axis, shape.length), pads[i]]));
    return cut(step, field, (axis) => ({ start: -(begins.get(axis) ?? 0), step: 1 }));
  });

export const slice: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node, graph } = step;
    const starts = integers(node, 'starts') ?? constantIntegers(graph, node.input[1]);
    const axes = integers(node, 'axes') ?? constantIntegers(graph, node.input[3]) ?? starts?.map((_, axis) => axis);
    const steps = constantIntegers(graph, node.input[4]) ?? starts?.map(() => 1);
    if (!axes || !steps) return 'unknown';
    const parts = new Map(axes.map((axis, i) => [fromEnd(axis, shape.length), { start: starts?.[i] ?? null, step: steps[i] }]));
    return cut(step, field, (axis) => {
      const part = parts.get(axis);
      if (!part) return { start: 0, step: 1 };
      if (part.start === null || part.step < 1) return null;
      const extent = shape.at(axis) ?? 0;
      return { start: Math.min(part.start < 0 ? Math.max(part.start + extent, 0) : part.start, extent), step: part.step };
    });
  });

interface Part {
  start: number;
  step: number;
}

function cut(step: Step, field: TensorField, partOf: (axis: number) => Part | null): Field {
  const output = step.shapeOf(step.node.output[0]);
  if (!field.axes || !output) return 'unknown';
  const [row, column] = field.axes;
  const rows = partOf(row);
  const columns = partOf(column);
  if (!rows || !columns) return 'unknown';
  const through = (axis: AxisField, part: Part) =>
    throughWindow(axis, { kernel: 1, stride: part.step, dilation: 1, padBegin: -part.start });
  return { ...field, y: through(field.y, rows), x: through(field.x, columns), height: output.at(row) ?? 1, width: output.at(column) ?? 1 };
}

function overKnown(step: Step, rule: (field: TensorField, shape: Shape) => Field): Field {
  const [name] = step.node.input;
  const field = step.fieldOf(name);
  if (typeof field === 'string') return field;
  const shape = step.shapeOf(name);
  return shape ? rule(field, shape) : 'unknown';
}

function dropAxes(field: TensorField, axes: readonly number[], rank: number): TensorField {
  const dropped = axes.map((axis) => fromEnd(axis, rank));
  const moved = field.axes?.map((axis) => axis + dropped.filter((gone) => gone > axis).length);
  return { ...field, axes: moved ? [moved[0], moved[1]] : null };
}
