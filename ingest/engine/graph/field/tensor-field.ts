import type { NodeProto } from 'onnx-buf';
import { type Graph, integer } from '../graph.ts';
import type { AxisField } from './axis.ts';
import { type Dims, isOnly, isSpatial, isWhole, type Shape, type Spatial } from './dims.ts';

export type { Shape };

/** Consecutive cells of an axis: the first of them, counted from the axis' own first cell, and how many. */
export interface Piece {
  start: number;
  count: number;
}

/** Rows (or columns) of a map. */
export interface MapAxis extends AxisField {
  cells: number;
  /** Where they do not follow each other as they lie in the image (a map that was rolled): in which order they come. */
  pieces?: readonly Piece[];
}

/** How the cells of a tensor lie over the network's input. */
export interface TensorField {
  /** What each of its dimensions runs over. */
  dims: Dims;
  /** null: it has no rows (or columns), since they were averaged or mixed away. */
  y: MapAxis | null;
  x: MapAxis | null;
}

/**
 * 'unknown': depends on the image, but the graph does not say how its values lie. 'constant': does not depend on the
 * image's pixels.
 */
export type Field = TensorField | 'unknown' | 'constant';

/** One node on the way through the graph, with what is known of its inputs. */
export interface Step {
  node: NodeProto;
  graph: Graph;
  fieldOf(tensor: string): Field;
  /** null for a tensor whose shape the runtime did not tell. */
  shapeOf(tensor: string): Shape | null;
  /**
   * The values of a small tensor of integers that no pixel decides (axes, pads, shapes), computed in the graph or not;
   * null for any other.
   */
  integersOf(tensor: string | undefined): readonly number[] | null;
}

/** What an operator makes of its inputs' fields: one for all of its outputs, or one each. */
export type Rule = (step: Step) => Field | readonly Field[];

/** Goes on only where the field and the shape of the node's first input are known. */
export function overKnown(step: Step, rule: (field: TensorField, shape: Shape) => Field | readonly Field[]): Field | readonly Field[] {
  const [name] = step.node.input;
  const field = step.fieldOf(name);
  if (typeof field === 'string') return field;
  const shape = step.shapeOf(name);
  return shape ? rule(field, shape) : 'unknown';
}

/** An axis counted from the tensor's beginning. */
export function fromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/**
 * Which dimensions of four a windowed or resizing operator takes for rows and columns: ONNX's own the last two, those
 * that carry `channels_last` the two before the channels.
 */
export function planesOf(node: NodeProto): { y: number; x: number; units: number } {
  return integer(node, 'channels_last', 0) === 1 || CHANNELS_LAST.has(node.opType) ? { y: 1, x: 2, units: 3 } : { y: 2, x: 3, units: 1 };
}

const CHANNELS_LAST = new Set(['NhwcConv', 'NhwcMaxPool', 'NhwcFusedConv', 'QLinearConvNhwc']);

/**
 * Whether a tensor is images of a map for each unit, rows and columns where they are expected, nothing left out and in
 * their order.
 */
export function isMap({ dims, y, x }: TensorField, at: { y: number; x: number; units: number }): boolean {
  if (dims.length !== 4 || !y || !x || y.pieces || x.pieces) return false;
  return isOnly(dims[0], 'batch') && isWhole(dims[at.y], 'y') && isWhole(dims[at.x], 'x') && isOnly(dims[at.units], 'units', 'blocks');
}

export function axisOf(field: TensorField, of: Spatial): MapAxis | null {
  return of === 'y' ? field.y : field.x;
}

/** Without the axes that no dimension runs over any more. */
export function withoutLost(field: TensorField): TensorField {
  const has = (of: Spatial) => field.dims.some(({ factors }) => factors.some((factor) => factor.of === of));
  return { ...field, y: has('y') ? field.y : null, x: has('x') ? field.x : null };
}

/** A value for a whole image, or none at all: nothing in it lies anywhere. */
export function isPlaceless({ dims }: TensorField): boolean {
  return !dims.some(isSpatial);
}
