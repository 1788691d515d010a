import { TensorProto_DataType } from 'onnx-buf';
import { DissectoryError } from '../../core/errors.ts';
import type { Channels } from '../../prisma/generated/enums.ts';
import type { Normalisation } from './engine.ts';
import { channelCount, type ImageInput, isInteger } from './graph/image-input.ts';

/** With which most networks for colour images were trained in PyTorch. */
export const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * What is taken where neither card nor user says otherwise: ImageNet's for colours, pixel / 255 for grey, and for
 * integers the bytes as they are (int8: less 128).
 */
export function usualNormalisation({ channels, elementType }: Pick<ImageInput, 'channels' | 'elementType'>): Normalisation {
  if (isInteger(elementType)) return { mean: [elementType === TensorProto_DataType.INT8 ? 128 / 255 : 0], std: [1 / 255] };
  if (channels === 'GREY') return { mean: [0], std: [1] };
  return channels === 'RGB' ? IMAGENET : { mean: [...IMAGENET.mean].reverse(), std: [...IMAGENET.std].reverse() };
}

/** One number a channel, from that or from one for all. Throws BAD_CARD where there are others, naming them `what`. */
export function perChannel(what: 'mean' | 'std', values: readonly number[], channels: Channels): number[] {
  const count = channelCount(channels);
  if (values.length === count) return [...values];
  if (values.length === 1) return new Array(count).fill(values[0]);
  throw new DissectoryError(
    'BAD_CARD',
    `The network takes ${count === 1 ? 'one grey channel' : `${count} channels`}, but ${values.length} numbers are given for ${what}. Give one for each channel.`,
  );
}
