import { type AxisField, joinAxis } from './axis.ts';
import type { Field, Rule, Shape, Step, TensorField } from './tensor-field.ts';

interface Operand {
  field: TensorField;
  shape: Shape;
}

/**
 * Operators that combine their inputs cell by cell, and Concat along another axis than rows and columns.
 *
 * The branch with the largest receptive field decides, for each axis. Does not decide where another does: an input that has one cell
 * along the axis and is spread over the map (a squeeze-excite gate), and an input whose cells lie no one knows how (global or unknown operators).
 */
export const join: Rule = (step) => {
  const fields = step.node.input.filter((name) => name !== '').map((name) => step.fieldOf(name));
  if (fields.every((field) => field === 'constant')) return 'constant';
  const output = step.shapeOf(step.node.output[0]);
  const operands = knownOperands(step);
  if (!output || operands.length === 0) return 'unknown';
  const folded = operands.every(({ field }) => field.axes === null);
  return folded ? joinFolded(operands) : joinSpread(operands, output);
};

function knownOperands(step: Step): Operand[] {
  return step.node.input.flatMap((name) => {
    const field = name === '' ? 'constant' : step.fieldOf(name);
    const shape = step.shapeOf(name);
    return typeof field === 'object' && shape ? [{ field, shape }] : [];
  });
}

function joinFolded(operands: readonly Operand[]): Field {
  const [{ field }] = operands;
  const alike = operands.every((operand) => operand.field.height === field.height && operand.field.width === field.width);
  if (!alike) return 'unknown';
  return { ...field, y: joinAxis(operands.map(({ field }) => field.y)), x: joinAxis(operands.map(({ field }) => field.x)) };
}

function joinSpread(operands: readonly Operand[], output: Shape): Field {
  const spread = operands.filter(({ field, shape }) => field.axes?.some((axis) => shape.at(axis) === output.at(axis)));
  const axes =
    spread.find(({ field, shape }) => field.axes?.some((axis) => (shape.at(axis) ?? 1) > 1))?.field.axes ?? spread[0]?.field.axes;
  if (!axes) return 'unknown';
  const deciding = spread.filter(({ field }) => field.axes?.[0] === axes[0] && field.axes[1] === axes[1]);
  const y = joinAlong(deciding, axes[0], output, (field) => field.y);
  const x = joinAlong(deciding, axes[1], output, (field) => field.x);
  if (!y || !x) return 'unknown';
  return { y, x, height: output.at(axes[0]) ?? 1, width: output.at(axes[1]) ?? 1, axes };
}

function joinAlong(operands: readonly Operand[], axis: number, output: Shape, pick: (field: TensorField) => AxisField): AxisField | null {
  const full = operands.filter(({ shape }) => shape.at(axis) === output.at(axis));
  return full.length === 0 ? null : joinAxis(full.map(({ field }) => pick(field)));
}
