import { TensorProto_DataType } from 'onnx-buf';
import type { Channels } from '../../../prisma/generated/enums.ts';

/** Where a tensor of images has its channels: before rows and columns, or behind. */
export type Layout = 'NCHW' | 'NHWC';

/**
 * Where a layer's values lie in its tensor: as maps, as maps whose channels lie in blocks behind the columns (ONNX
 * Runtime's own layout), as tokens [batch, tokens, units], or as one value a unit.
 */
export type Arrangement = Layout | 'NCHWc' | 'tokens' | 'vector';

/** What the network takes: one image tensor, its size, layout, colours and number type. */
export interface ImageInput {
  name: string;
  layout: Layout;
  channels: Channels;
  /** A float or an integer type of TensorProto.DataType. */
  elementType: TensorProto_DataType;
  height: number;
  width: number;
  /** null where any number of images is taken. */
  batch: number | null;
}

export interface InputSize {
  height: number;
  width: number;
}

export function channelCount(channels: Channels): 1 | 3 {
  return channels === 'GREY' ? 1 : 3;
}

/** Dimensions of the input for so many images. */
export function inputShape(
  { layout, channels, height, width }: Omit<ImageInput, 'name' | 'batch'>,
  batch: number,
): [number, number, number, number] {
  const count = channelCount(channels);
  return layout === 'NCHW' ? [batch, count, height, width] : [batch, height, width, count];
}

const { UINT8, INT8, UINT16, INT16, INT32, INT64 } = TensorProto_DataType;

/** The integers that a network may take, and the smallest and largest of each type where a pixel could lie beyond. */
const RANGES: ReadonlyMap<TensorProto_DataType, readonly [number, number]> = new Map([
  [UINT8, [0, 255]],
  [INT8, [-128, 127]],
  [UINT16, [0, 65535]],
  [INT16, [-32768, 32767]],
  [INT32, [-(2 ** 30), 2 ** 30]],
  [INT64, [-(2 ** 30), 2 ** 30]],
] as const);

export function isInteger(type: TensorProto_DataType): boolean {
  return RANGES.has(type);
}

/** What an input of integers can hold of what pixels become; null where it takes floats. */
export function integerRange(type: TensorProto_DataType): readonly [number, number] | null {
  return RANGES.get(type) ?? null;
}

/**
 * Weights of red, green and blue in a grey value, in parts of 65536 (ITU-R 601), summed and rounded as Pillow's
 * `convert('L')` does.
 */
export const GREY_WEIGHTS = [19595, 38470, 7471] as const;
export const GREY_WHOLE = 65536;
