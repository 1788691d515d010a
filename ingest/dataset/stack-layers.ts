import type { LabelReading } from './assemble-labels.ts';
import { NONE } from './codes.ts';
import { turnColumns } from './shapes/turn-columns.ts';

/** A layer on which shapes are laid, columns first. */
interface Layer {
  codes: Uint16Array;
  /** The stretch of pixels that was laid on. */
  from: number;
  to: number;
}

/** Layers of codes in which concepts overlap. */
export interface Stack {
  height: number;
  width: number;
  layers: Layer[];
  /** Codes that some pixel bears. */
  codes: Set<number>;
}

/**
 * One a depth. A stack is laid and turned at once, so that the next can use the same memory: fresh memory costs more
 * than what is written to it.
 */
const spare: Uint16Array[] = [];

/** A stack to be laid and given to `rowsFirst` without a pause between. */
export const newStack = (height: number, width: number): Stack => ({ height, width, layers: [], codes: new Set() });

function newLayer({ height, width, layers }: Stack): Layer {
  const depth = layers.length;
  if (spare[depth]?.length === height * width) spare[depth].fill(NONE);
  else spare[depth] = new Uint16Array(height * width);
  return { codes: spare[depth], from: height * width, to: 0 };
}

/**
 * Lays a concept over a stretch of pixels, columns first, each into the first layer where nothing stands yet:
 * overlapping concepts all count, each once a pixel.
 *
 * @param code of a concept, which may come several times
 */
export function stackRun(stack: Stack, code: number, from: number, to: number, depth = 0): void {
  if (from >= to) return;
  if (depth === stack.layers.length) stack.layers.push(newLayer(stack));
  const layer = stack.layers[depth];
  const { codes } = layer;
  for (let start = from, end = from; start < to; start = end) {
    const there = codes[start];
    while (end < to && codes[end] === there) end++;
    if (there === NONE) {
      codes.fill(code, start, end);
      layer.from = Math.min(layer.from, start);
      layer.to = Math.max(layer.to, end);
      stack.codes.add(code);
    } else if (there !== code) stackRun(stack, code, start, end, depth + 1);
  }
}

/** Lays a concept over the pixels of a mask, columns first, that are not 0. */
export function stackMask(stack: Stack, code: number, mask: ArrayLike<number>): void {
  for (let start = 0, end = 0; start < mask.length; start = end) {
    const isInside = mask[start] !== 0;
    while (end < mask.length && (mask[end] !== 0) === isInside) end++;
    if (isInside) stackRun(stack, code, start, end);
  }
}

/** Paints a code over a stretch of pixels, columns first, whatever stood there. */
export function paintRun(stack: Stack, code: number, from: number, to: number): void {
  if (stack.layers.length === 0) stack.layers.push(newLayer(stack));
  const [layer] = stack.layers;
  layer.codes.fill(code, from, to);
  layer.from = Math.min(layer.from, from);
  layer.to = Math.max(layer.to, to);
}

/** The layers as label maps, rows first. */
export function rowsFirst({ height, width, layers }: Stack): LabelReading['layers'] {
  return layers.map(({ codes, from, to }) => turnColumns(codes, height, width, Math.floor(from / height), Math.ceil(to / height)));
}
