import { joinAxis, opened } from './axis.ts';
import { type Dim, type Dims, holds, isOnly, isSpatial, runsAlike, type Spatial, sizeOf, unitsDim } from './dims.ts';
import { axisOf, type Field, type MapAxis, type Rule, type Shape, type Step, type TensorField, withoutLost } from './tensor-field.ts';

/** A branch that goes into a join. */
interface Branch {
  /** null: it depends on the image, but how is not known. */
  field: TensorField | null;
  /** As many dimensions as the join's own, ones put in front. */
  dims: Dims | null;
  shape: Shape | null;
}

/**
 * Operators that combine their inputs cell by cell.
 *
 * A cell hears what any of its branches hears; where that is unknown of one, it is unknown of the sum. A branch that
 * has one value along rows or columns, and is spread over them, does not count there: that is a gate (squeeze-excite)
 * or a statistic. The layout is that of the branches whose layout is known; two that contradict each other leave it
 * unknown.
 */
export const join: Rule = (step) => joined(step, step.node.input, step.shapeOf(step.node.output[0]));

/** @param tensors those that are joined @param output the shape of the result */
export function joined(step: Step, tensors: readonly string[], output: Shape | null): Field {
  const fields = tensors.filter((name) => name !== '').map((name) => ({ field: step.fieldOf(name), shape: step.shapeOf(name) }));
  const varying = fields.filter(({ field }) => field !== 'constant');
  if (varying.length === 0) return 'constant';
  if (!output) return 'unknown';
  const branches = varying.map(({ field, shape }): Branch => {
    if (typeof field === 'string') return { field: null, dims: null, shape: shape && padded(shape, output.length) };
    const missing = Array.from({ length: output.length - field.dims.length }, () => unitsDim(1));
    return { field, dims: [...missing, ...field.dims], shape: shape && padded(shape, output.length) };
  });
  return combine(branches, output);
}

const padded = (shape: Shape, rank: number) => [...Array.from({ length: rank - shape.length }, () => 1), ...shape];

function combine(branches: readonly Branch[], output: Shape): Field {
  if (branches.every(({ dims }) => dims === null)) return 'unknown';
  const dims: Dim[] = [];
  for (const [i, size] of output.entries()) {
    const candidates = branches.flatMap((branch) => (branch.dims && sizeOf(branch.dims[i]) === size ? [branch.dims[i]] : []));
    const telling = candidates.filter((one) => isSpatial(one) || holds(one, 'batch') || holds(one, 'blocks'));
    const [first] = telling;
    if (first && !telling.every((one) => runsAlike(one, first))) return 'unknown';
    const different = candidates.find((one) => holds(one, 'keys')) ?? candidates.find((one) => !isOnly(one, 'same')) ?? candidates[0];
    dims.push(first ?? different ?? unitsDim(size));
  }
  const [y, x] = (['y', 'x'] as const).map((of) => axisAlong(branches, dims, of));
  const isLost = (of: Spatial, axis: MapAxis | null) => axis === null && dims.some((one) => holds(one, of));
  return isLost('y', y) || isLost('x', x) ? 'unknown' : withoutLost({ dims, y, x });
}

/** What a cell of the join hears along one axis. */
function axisAlong(branches: readonly Branch[], dims: Dims, of: Spatial): MapAxis | null {
  const at = dims.flatMap((one, i) => (holds(one, of) ? [i] : []));
  const owners: MapAxis[] = [];
  let open = false;
  for (const { field, dims: own, shape } of branches) {
    const axis = field && axisOf(field, of);
    if (axis && own && at.every((i) => holds(own[i], of) && sizeOf(own[i]) === sizeOf(dims[i]))) owners.push(axis);
    else if (!at.every((i) => isSpread(own, shape, i))) open = true;
  }
  const [first] = owners;
  if (!first) return null;
  const union = joinAxis(owners);
  const piecesAgree = owners.every(({ pieces }) => JSON.stringify(pieces) === JSON.stringify(first.pieces));
  if (!union || !piecesAgree) return { ...opened(first), cells: first.cells };
  return { ...(open ? opened(union) : union), cells: first.cells, ...(first.pieces && { pieces: first.pieces }) };
}

/** Whether a branch has one value along a dimension, repeated where there are several. */
function isSpread(own: Dims | null, shape: Shape | null, i: number): boolean {
  if (own) return sizeOf(own[i]) === 1 || isOnly(own[i], 'same');
  return shape?.[i] === 1;
}
