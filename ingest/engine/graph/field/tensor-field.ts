import type { NodeProto } from 'onnx-buf';
import { type Graph, integer } from '../graph.ts';
import type { AxisField } from './axis.ts';

/** How the cells of a tensor lie over the network's input. */
export interface TensorField {
  y: AxisField;
  x: AxisField;
  height: number;
  width: number;
  /** Which axes of the tensor are rows and columns, counted from its end (NCHW: -2, -1); null while a reshape has folded them together. */
  axes: readonly [number, number] | null;
}

/** 'unknown': depends on the image, but the graph does not say how its cells lie. 'constant': does not depend on the image's pixels. */
export type Field = TensorField | 'unknown' | 'constant';

export type Shape = readonly number[];

/** One node on the way through the graph, with what is known of its inputs. */
export interface Step {
  node: NodeProto;
  graph: Graph;
  fieldOf(tensor: string): Field;
  /** null for a tensor whose shape the runtime did not tell. */
  shapeOf(tensor: string): Shape | null;
}

/** What an operator makes of its inputs' fields. */
export type Rule = (step: Step) => Field;

/** An axis counted from the tensor's end. */
export function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis : axis - rank;
}

/**
 * The axes that a windowed or resizing operator takes for rows and columns: ONNX's own the last two, those of TensorFlow, which carry
 * `channels_last`, the two before the channels. Both counted from the tensor's end.
 */
export function spatialAxes(node: NodeProto): readonly [number, number] {
  return integer(node, 'channels_last', 0) === 1 ? [-3, -2] : [-2, -1];
}

/** Whether rows and columns are where the operator takes them to be. */
export function liesAlong(field: TensorField, [row, column]: readonly [number, number]): boolean {
  return field.axes?.[0] === row && field.axes[1] === column;
}

/** Whether any of these axes is one of rows or columns; folded axes might be any. */
export function touches(field: TensorField, axes: readonly number[], rank: number): boolean {
  return field.axes === null || axes.some((axis) => field.axes?.includes(fromEnd(axis, rank)));
}
