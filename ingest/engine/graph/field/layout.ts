/** Operators that move, cut or reduce axes. */
import { integer, integers } from '../graph.ts';
import { type AxisField, throughWindow } from './axis.ts';
import { type Dim, dim, holds, isOnly, isSpatial, mapDim, reshaped, type Spatial, sameDim, sizeOf, unitsDim } from './dims.ts';
import { joined } from './join.ts';
import { settled } from './settled.ts';
import {
  axisOf,
  type Field,
  fromStart,
  isPlaceless,
  type MapAxis,
  overKnown,
  planesOf,
  type Rule,
  type Shape,
  type Step,
  type TensorField,
  withoutLost,
} from './tensor-field.ts';
import { onMap } from './window.ts';

/** The first input's field, where its cells stay what they are. */
export const keep: Rule = ({ node, fieldOf }) => fieldOf(node.input[0]);

/** Shapes and the like: they tell nothing of the pixels. */
export const forget: Rule = () => 'constant';

/** Depends on the image, in a way that is not followed. */
export const lose: Rule = () => 'unknown';

/** Values of a map at other places of it: its layout stays, what a cell hears is not known. */
export const scatter: Rule = (step) =>
  overKnown(step, (field) => {
    const output = step.shapeOf(step.node.output[0]);
    const at = planesOf(step.node);
    const map = settled(field, at);
    if (!map?.y || !map.x || output?.length !== 4) return 'unknown';
    return onMap(map, at, { ...map.y, open: true, cells: output[at.y] }, { ...map.x, open: true, cells: output[at.x] }, output);
  });

export const transpose: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const perm = integers(step.node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis);
    return { ...field, dims: perm.map((axis) => field.dims[axis]) };
  });

/** Reshape, Flatten, Squeeze, Unsqueeze. */
export const reshape: Rule = (step) =>
  overKnown(step, (field) => {
    const output = step.shapeOf(step.node.output[0]);
    const dims = output && reshaped(field.dims, output);
    return dims ? { ...field, dims } : 'unknown';
  });

/** Repeats what has one value along an axis. */
export const expand: Rule = (step) =>
  overKnown(step, (field) => {
    const output = step.shapeOf(step.node.output[0]);
    if (!output || output.length < field.dims.length) return 'unknown';
    const dims = [...Array.from({ length: output.length - field.dims.length }, () => unitsDim(1)), ...field.dims];
    const all = dims.map((one, i) => (sizeOf(one) === output[i] ? one : sizeOf(one) === 1 && !isSpatial(one) ? sameDim(output[i]) : null));
    return all.every((one) => one !== null) ? { ...field, dims: all } : 'unknown';
  });

/** Means, sums and maxima: over channels the map stays, over rows or columns these are gone. */
export const reduce: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node } = step;
    const single = node.opType.startsWith('Arg') ? [integer(node, 'axis', 0)] : null;
    const read = node.input[1] ? step.integersOf(node.input[1]) : undefined;
    if (read === null) return 'unknown';
    const named = single ?? integers(node, 'axes') ?? read;
    if (!named && integer(node, 'noop_with_empty_axes', 0) === 1) return field;
    const axes = new Set((named ?? shape.map((_, axis) => axis)).map((axis) => fromStart(axis, shape.length)));
    const keeps = integer(node, 'keepdims', 1) === 1;
    return without(field, (i) => axes.has(i), keeps);
  });

/** Dimensions that are combined into one value each. Windows that are combined whole are a pooling. */
function without(field: TensorField, isGone: (i: number) => boolean, keeps: boolean): Field {
  const gone = field.dims.filter((_, i) => isGone(i));
  if (gone.some((one) => holds(one, 'batch'))) return 'unknown';
  const dims = field.dims.flatMap((one, i) => (!isGone(i) ? [one] : keeps ? [unitsDim(1)] : []));
  const left = pooled({ ...field, dims }, gone);
  return left ? withoutLost(left) : 'unknown';
}

function pooled(field: TensorField, gone: readonly Dim[]): TensorField | null {
  let result: TensorField | null = field;
  for (const of of ['y', 'x'] as const) {
    const inner = gone.flatMap(({ factors }) => factors.filter((factor) => factor.of === of));
    const axis = axisOf(field, of);
    const outer = field.dims.flatMap(({ factors }) => factors.filter((factor) => factor.of === of));
    if (!axis || !result || inner.length === 0 || outer.length === 0) continue;
    const block = inner.reduce((product, { size }) => product * size, 1);
    const [one] = outer;
    if (outer.length !== 1 || one.step !== block || one.size * block !== axis.cells || axis.pieces) return null;
    const window = { kernel: block, stride: block, dilation: 1, padBegin: 0 };
    const dims: Dim[] = result.dims.map((each) => ({
      ...each,
      factors: each.factors.map((factor) => (factor === one ? { ...factor, step: 1 } : factor)),
    }));
    result = { ...result, dims, [of]: { ...throughWindow(axis, window), cells: one.size } };
  }
  return result;
}

/** Gather by one index: the axis goes; by a list of them: it stays, if it is no place in the image. */
export const gather: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const axis = fromStart(integer(step.node, 'axis', 0), shape.length);
    if (step.fieldOf(step.node.input[1]) !== 'constant') return 'unknown';
    const indices = step.shapeOf(step.node.input[1]);
    const values = step.integersOf(step.node.input[1]);
    if (!indices) return 'unknown';
    const [first] = values ?? [];
    const along =
      first !== undefined && values?.every((value, i) => value === first + i)
        ? cutDim(field, axis, { start: fromStart(first, shape[axis]), count: values.length, step: 1 })
        : isOnly(field.dims[axis], 'units', 'same')
          ? { ...field, dims: replaced(field.dims, axis, unitsDim(indices.reduce((product, size) => product * size, 1))) }
          : null;
    const output = step.shapeOf(step.node.output[0]);
    const dims = along && output && reshaped(along.dims, output);
    return along && dims ? withoutLost({ ...along, dims }) : 'unknown';
  });

/** TensorFlow's Unpack: one tensor for each place along an axis, which goes. */
export const unpack: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const axis = fromStart(integer(step.node, 'axis', 0), shape.length);
    if (!isOnly(field.dims[axis], 'units', 'same')) return 'unknown';
    return { ...field, dims: field.dims.filter((_, i) => i !== axis) };
  });

/**
 * SpaceToBatchND: the cells of every `block`-th row and column become an image of their own, as dilated convolutions
 * were once written.
 */
export const spaceToBatch: Rule = (step) => overBatchBlocks(step, 'spread');

/** BatchToSpaceND: puts them together again. */
export const batchToSpace: Rule = (step) => overBatchBlocks(step, 'together');

/**
 * Between the two, images are made of every `block`-th cell. The batch holds them, so that nothing there is offered; a
 * window on them is one whose cells lie `block` apart, which is what the axis says meanwhile: its stride is the
 * block's.
 */
function overBatchBlocks(step: Step, way: 'spread' | 'together'): Field | readonly Field[] {
  return overKnown(step, (field) => {
    const output = step.shapeOf(step.node.output[0]);
    const blocks = integers(step.node, 'block_shape');
    const begins = integers(step.node, 'pads');
    const at = planesOf(step.node);
    const map = settled(field, at);
    if (!output || blocks?.length !== 2 || begins?.length !== 2 || !map?.y || !map.x) return 'unknown';
    const through = (axis: MapAxis, block: number, begin: number, cells: number): MapAxis => {
      const moved: AxisField =
        way === 'spread'
          ? throughWindow(axis, { kernel: 1, stride: block, dilation: 1, padBegin: begin })
          : putTogether(axis, block, begin);
      return { ...moved, cells };
    };
    const rows = through(map.y, blocks[0], begins[0], output[at.y]);
    return onMap(map, at, rows, through(map.x, blocks[1], begins[1], output[at.x]), output);
  });
}

/** The images of the blocks hear alike, each a cell further than the one before. */
function putTogether({ first, last, shift, open }: AxisField, block: number, crop: number): AxisField {
  if (first.length !== 1) return { first, last, shift: shift / block, open: true };
  const stride = shift / block;
  return { first: [first[0] + crop * stride], last: [last[0] + crop * stride], shift: stride, open };
}

export const concat: Rule = (step) => {
  const inputs = step.node.input.filter((name) => name !== '');
  const output = step.shapeOf(step.node.output[0]);
  const fields = inputs.map(step.fieldOf);
  if (fields.every((field) => field === 'constant')) return 'constant';
  const known = fields.filter((field) => typeof field === 'object');
  if (!output || known.length === 0) return 'unknown';
  const axis = fromStart(integer(step.node, 'axis', 1), output.length);
  const alongMap = known.some(({ dims }) => isSpatial(dims[axis]) || holds(dims[axis], 'batch'));
  return alongMap ? concatPlaces(step, inputs, axis) : concatUnits(step, inputs, axis, output);
};

/** Along channels: each branch is one of a join whose channels are all of them. */
function concatUnits(step: Step, inputs: readonly string[], axis: number, output: Shape): Field {
  const widened: Step = {
    ...step,
    fieldOf: (name) => {
      const field = step.fieldOf(name);
      if (typeof field === 'string') return field;
      const blocked = holds(field.dims[axis], 'blocks');
      const all = blocked ? dim({ of: 'blocks', size: output[axis], step: 1 }) : unitsDim(output[axis]);
      return { ...field, dims: replaced(field.dims, axis, all) };
    },
    shapeOf: (name) => step.shapeOf(name)?.map((size, i) => (i === axis ? output[axis] : size)) ?? null,
  };
  return joined(widened, inputs, output);
}

/**
 * Along rows, columns or tokens: a map that is rolled or put together of its parts, or tokens with others in front or
 * behind.
 */
function concatPlaces(step: Step, inputs: readonly string[], axis: number): Field {
  const parts = inputs.map((name) => ({ field: step.fieldOf(name), size: step.shapeOf(name)?.[axis] }));
  const places = parts.flatMap(({ field }) => (typeof field === 'object' && isSpatial(field.dims[axis]) ? [field] : []));
  const [first] = places;
  if (!first || parts.some(({ size }) => size === undefined)) return 'unknown';
  if (parts.length === 1) return first;
  if (places.length === 1) {
    const at = parts.findIndex(({ field }) => field === first);
    if (parts.some(({ field }) => field === 'unknown') && !isTokens(first.dims[axis])) return 'unknown';
    const count = (some: typeof parts) => some.reduce((sum, { size }) => sum + (size ?? 0), 0);
    const whole = first.dims[axis];
    const widened = { ...whole, before: whole.before + count(parts.slice(0, at)), after: whole.after + count(parts.slice(at + 1)) };
    return { ...first, dims: replaced(first.dims, axis, widened) };
  }
  if (places.length !== parts.length) return 'unknown';
  const of = first.dims[axis].factors[0]?.of;
  return of === 'y' || of === 'x' ? inARow(places, axis, of) : 'unknown';
}

/** Rows and columns, folded into one sequence. */
function isTokens(one: Dim): boolean {
  return holds(one, 'y') && holds(one, 'x');
}

/** Parts of a map, one behind the other. They must lie a whole number of cells apart. */
function inARow(parts: readonly TensorField[], axis: number, of: Spatial): Field {
  const [first] = parts;
  const base = axisOf(first, of);
  if (!base) return 'unknown';
  const stride = base.shift / base.first.length;
  const pieces: { start: number; count: number }[] = [];
  for (const { dims, ...field } of parts) {
    const own = axisOf({ dims, ...field }, of);
    const alone = dims[axis].factors.length === 1 && dims[axis].factors[0].of === of && dims[axis].factors[0].step === 1;
    if (!own || !alone || own.first.length !== 1 || base.first.length !== 1 || own.shift !== base.shift) return 'unknown';
    if (dims.some((one, i) => i !== axis && JSON.stringify(one) !== JSON.stringify(first.dims[i]))) return 'unknown';
    const start = (own.first[0] - base.first[0]) / stride;
    const sameSize = own.last[0] - own.first[0] === base.last[0] - base.first[0];
    if (!Number.isInteger(start) || !sameSize) return 'unknown';
    for (const piece of own.pieces ?? [{ start: 0, count: own.cells }]) append(pieces, { start: start + piece.start, count: piece.count });
  }
  const cells = pieces.reduce((sum, { count }) => sum + count, 0);
  const open = parts.some((part) => axisOf(part, of)?.open);
  const moved = placed({ ...base, cells, open, pieces });
  return { ...first, dims: replaced(first.dims, axis, mapDim(of, cells)), [of]: moved };
}

function append(pieces: { start: number; count: number }[], next: { start: number; count: number }): void {
  const last = pieces.at(-1);
  if (last && last.start + last.count === next.start) last.count += next.count;
  else pieces.push({ ...next });
}

/** Counted from its own first cell; a single piece is a map in its usual order. */
function placed({ pieces = [], ...axis }: MapAxis): MapAxis {
  const [{ start }] = pieces;
  const moved = throughWindow(axis, { kernel: 1, stride: 1, dilation: 1, padBegin: -start });
  const rest = pieces.map((piece) => ({ ...piece, start: piece.start - start }));
  return { ...moved, cells: axis.cells, ...(rest.length > 1 && { pieces: rest }) };
}

/**
 * Operators that work along one axis and give as many values: along channels each cell stays by itself, along places it
 * hears all of them.
 */
export const alongAxis: Rule = (step) =>
  overKnown(step, (field, shape) => {
    // Before opset 13 all dimensions from the axis on were taken together
    const isOld = step.graph.opset < 13;
    const axis = fromStart(integer(step.node, 'axis', isOld ? 1 : -1), shape.length);
    return mixedAlong(field, (i) => (isOld ? i >= axis : i === axis));
  });

/** Means, maxima over all rows and columns. */
export const reducePlanes: Rule = (step) =>
  overKnown(step, (unsettled) => {
    const at = planesOf(step.node);
    const field = settled(unsettled, at);
    return field ? without(field, (i) => i === at.y || i === at.x, true) : 'unknown';
  });

/** Each value hears all others along these dimensions. */
function mixedAlong(field: TensorField, isAlong: (i: number) => boolean): Field {
  const mixed = field.dims.filter((_, i) => isAlong(i));
  if (mixed.some((one) => holds(one, 'batch'))) return 'unknown';
  const open = (of: Spatial) => {
    const axis = axisOf(field, of);
    return axis && mixed.some((one) => holds(one, of)) ? { ...axis, open: true } : axis;
  };
  return { ...field, y: open('y'), x: open('x') };
}

export const split: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const axis = fromStart(integer(step.node, 'axis', 0), shape.length);
    let start = 0;
    return step.node.output.map((name) => {
      const count = step.shapeOf(name)?.[axis];
      if (count === undefined) return 'unknown';
      const part = cutDim(field, axis, { start, count, step: 1 });
      start += count;
      return part ?? 'unknown';
    });
  });

export const pad: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node } = step;
    const pads = integers(node, 'pads') ?? step.integersOf(node.input[1]);
    const axes = node.input[3] ? step.integersOf(node.input[3]) : shape.map((_, axis) => axis);
    const output = step.shapeOf(node.output[0]);
    if (!pads || !axes || !output) return 'unknown';
    let result: TensorField | null = field;
    for (const [i, axis] of axes.map((one) => fromStart(one, shape.length)).entries()) {
      if (pads[i] === 0 && output[axis] === shape[axis]) continue;
      result = result && cutDim(result, axis, { start: -pads[i], count: output[axis], step: 1 });
    }
    return result ?? 'unknown';
  });

export const slice: Rule = (step) =>
  overKnown(step, (field, shape) => {
    const { node } = step;
    const starts = integers(node, 'starts') ?? step.integersOf(node.input[1]);
    const axes = integers(node, 'axes') ?? (node.input[3] ? step.integersOf(node.input[3]) : starts?.map((_, axis) => axis));
    const steps = node.input[4] ? step.integersOf(node.input[4]) : starts?.map(() => 1);
    const output = step.shapeOf(node.output[0]);
    if (!axes || !steps || !output) return 'unknown';
    let result: TensorField | null = field;
    for (const [i, axis] of axes.map((one) => fromStart(one, shape.length)).entries()) {
      const extent = shape[axis];
      const start = starts?.[i];
      if (output[axis] === extent && steps[i] === 1) continue;
      if (start === undefined)
        result =
          result && isOnly(result.dims[axis], 'units', 'same')
            ? { ...result, dims: replaced(result.dims, axis, unitsDim(output[axis])) }
            : null;
      else if (steps[i] < 1) result = null;
      else {
        const from = Math.min(start < 0 ? Math.max(start + extent, 0) : start, extent);
        result = result && cutDim(result, axis, { start: from, count: output[axis], step: steps[i] });
      }
    }
    return result ? withoutLost(result) : 'unknown';
  });

/** Places of a dimension: the first, how many, and how far apart. */
interface Part {
  start: number;
  count: number;
  step: number;
}

function replaced(dims: readonly Dim[], axis: number, by: Dim): Dim[] {
  return dims.map((one, i) => (i === axis ? by : one));
}

/** Some places of one dimension, or with some added; null where what is left is not known. */
function cutDim(field: TensorField, axis: number, part: Part): TensorField | null {
  const whole = field.dims[axis];
  const { start, count, step } = part;
  const to = (by: Dim) => ({ ...field, dims: replaced(field.dims, axis, by) });
  if (start === 0 && step === 1 && count === sizeOf(whole)) return field;
  if (isOnly(whole, 'units', 'same')) return to(unitsDim(count));
  if (!isSpatial(whole)) return null;
  if (whole.before + whole.after > 0) return step === 1 ? cutTokens(to, whole, start, count) : null;
  const [{ of }] = whole.factors;
  const own = of === 'y' || of === 'x' ? axisOf(field, of) : null;
  if (whole.factors.length !== 1 || whole.factors[0].step !== 1 || !own || (of !== 'y' && of !== 'x')) return null;
  const moved = own.pieces
    ? cutPieces(own, part)
    : { ...throughWindow(own, { kernel: 1, stride: step, dilation: 1, padBegin: -start }), cells: count };
  return moved && { ...to(mapDim(of, count)), [of]: moved };
}

/** Of a sequence with tokens in front or behind: those alone, or all patches with some of them. */
function cutTokens(to: (by: Dim) => TensorField, whole: Dim, start: number, count: number): TensorField | null {
  const patches = sizeOf(whole) - whole.before - whole.after;
  const end = start + count;
  if (start >= 0 && (end <= whole.before || (start >= whole.before + patches && end <= sizeOf(whole))))
    return withoutLost(to(unitsDim(count)));
  if (start < 0 || start > whole.before || end < whole.before + patches || end > sizeOf(whole)) return null;
  return to({ ...whole, before: whole.before - start, after: end - whole.before - patches });
}

/** A part of a map that was rolled. */
function cutPieces(axis: MapAxis, { start, count, step }: Part): MapAxis | null {
  if (step !== 1 || start < 0) return null;
  const pieces: { start: number; count: number }[] = [];
  let at = 0;
  for (const piece of axis.pieces ?? []) {
    const from = Math.max(start - at, 0);
    const to = Math.min(start + count - at, piece.count);
    if (to > from) append(pieces, { start: piece.start + from, count: to - from });
    at += piece.count;
  }
  return pieces.length === 0 ? null : placed({ ...axis, cells: count, pieces });
}

/** The channels of a blocked map in their usual order again, and the other way. */
export const reorder =
  (blocked: boolean): Rule =>
  (step) =>
    overKnown(step, (field) => {
      const output = step.shapeOf(step.node.output[0]);
      if (!output || field.dims.length !== 4 || isPlaceless(field)) return 'unknown';
      const last = integer(step.node, 'channels_last', 0) === 1;
      const [batch, first, second, third] = field.dims;
      const [y, x, units] = blocked && last ? [first, second, third] : [second, third, first];
      if (!isOnly(units, 'units', 'blocks')) return 'unknown';
      const size = blocked ? output[1] : output[last ? 3 : 1];
      const channels = dim({ of: blocked ? 'blocks' : 'units', size, step: 1 });
      return { ...field, dims: !blocked && last ? [batch, y, x, channels] : [batch, channels, y, x] };
    });
