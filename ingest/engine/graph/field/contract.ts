/** Products of matrices. */
import { integer, text } from '../graph.ts';
import { type Dim, type Dims, holds, isOnly, isSpatial, keysDim, type Spatial, sizeOf, unitsDim } from './dims.ts';
import { axisOf, type Field, type Rule, type Step, type TensorField, withoutLost } from './tensor-field.ts';

/** `A x B`, dimensions in front of the last two combined as in a join. */
export const matMul: Rule = (step) => {
  const [left, right] = step.node.input;
  const a = step.shapeOf(left);
  const isWeight = step.fieldOf(right) === 'constant';
  const out = step.shapeOf(step.node.output[0]);
  // Weights of a TensorFlow.js layer are known by what they make
  const b = step.shapeOf(right) ?? (isWeight && a && out ? [a[a.length - 1], out[out.length - 1]] : null);
  if (!a || !b || a.length < 2 || b.length < 2) return 'unknown';
  const rank = Math.max(a.length, b.length);
  const letters = (length: number) => Array.from({ length: rank - 2 }, (_, i) => String(i)).slice(rank - length);
  return product(
    step,
    [
      [...letters(a.length), 'row', 'sum'],
      [...letters(b.length), 'sum', 'column'],
    ],
    [...letters(rank), 'row', 'column'],
  );
};

export const gemm: Rule = (step) => {
  const first = integer(step.node, 'transA', 0) === 1 ? ['sum', 'row'] : ['row', 'sum'];
  const second = integer(step.node, 'transB', 0) === 1 ? ['column', 'sum'] : ['sum', 'column'];
  return product(step, [first, second], ['row', 'column']);
};

export const einsum: Rule = (step) => {
  const [inputs, output] = text(step.node, 'equation', '').replace(/\s/g, '').split('->');
  if (output === undefined || inputs.includes('.')) return 'unknown';
  return product(
    step,
    inputs.split(',').map((one) => [...one]),
    [...output],
  );
};

/**
 * A product that sums over the letters which the output lacks. Rows, columns and tokens stay where a letter of the
 * output runs over them in one factor; what is summed over places, or multiplied with something that varies with the
 * image along them, hears more than is known: of two factors with places of their own (queries and keys) the places are
 * those of the first.
 */
function product(step: Step, letters: readonly (readonly string[])[], output: readonly string[]): Field {
  const factors = letters.map((own, i) => ({ field: step.fieldOf(step.node.input[i]), own, shape: step.shapeOf(step.node.input[i]) }));
  if (factors.every(({ field }) => field === 'constant')) return 'constant';
  const varying = factors.flatMap(({ field, own }) => (typeof field === 'object' ? [{ field, own }] : []));
  const isUnknown = factors.some(({ field }) => field === 'unknown');
  if (varying.length === 0) return 'unknown';
  const sizes = new Map(factors.flatMap(({ own, shape }) => own.map((letter, i) => [letter, shape?.[i] ?? 1] as const)));
  for (const { own, shape } of factors) for (const [i, letter] of own.entries()) if (shape && shape[i] > 1) sizes.set(letter, shape[i]);
  const owner = varying.find(({ field, own }) => own.some((letter, i) => output.includes(letter) && isSpatial(field.dims[i])));
  const dims: Dim[] = [];
  for (const letter of output) {
    const candidates = varying.flatMap(({ field, own }) => {
      const at = own.indexOf(letter);
      return at >= 0 && sizeOf(field.dims[at]) === sizes.get(letter) ? [{ field, one: field.dims[at] }] : [];
    });
    const shared = candidates.find(({ one }) => holds(one, 'batch'))?.one;
    const own = candidates.find(({ field }) => field === owner?.field)?.one;
    const placeless = candidates.find(({ one }) => !isSpatial(one))?.one;
    const size = sizes.get(letter) ?? 1;
    dims.push(shared ?? own ?? placeless ?? (candidates.length > 0 ? keysDim(size) : unitsDim(size)));
  }
  if (batchIsSummed(varying, output)) return 'unknown';
  const mixes = isUnknown || varying.length > 1;
  const axis = (of: Spatial) => {
    const found = owner && axisOf(owner.field, of);
    if (!found) return null;
    return mixes || sumsOver(varying, output, of) ? { ...found, open: true } : found;
  };
  return withoutLost(ownPlaces({ dims, y: axis('y'), x: axis('x') }, owner?.field.dims ?? []));
}

interface Varying {
  field: TensorField;
  own: readonly string[];
}

function batchIsSummed(varying: readonly Varying[], output: readonly string[]): boolean {
  return varying.some(({ field, own }) => own.some((letter, i) => !output.includes(letter) && holds(field.dims[i], 'batch')));
}

function sumsOver(varying: readonly Varying[], output: readonly string[], of: Spatial): boolean {
  return varying.some(({ field, own }) => own.some((letter, i) => !output.includes(letter) && holds(field.dims[i], of)));
}

/** Places of which a part was summed away are places no more. */
function ownPlaces(field: TensorField, before: Dims): TensorField {
  const count = (dims: Dims, of: Spatial) =>
    dims.flatMap(({ factors }) => factors).reduce((product, factor) => (factor.of === of ? product * factor.size : product), 1);
  const lost = (['y', 'x'] as const).filter((of) => count(field.dims, of) !== count(before, of));
  if (lost.length === 0) return field;
  const dims = field.dims.map((one) => (lost.some((of) => holds(one, of)) && !isOnly(one, 'batch') ? unitsDim(sizeOf(one)) : one));
  return { dims, y: lost.includes('y') ? null : field.y, x: lost.includes('x') ? null : field.x };
}
