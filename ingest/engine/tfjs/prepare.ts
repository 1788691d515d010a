import type { Tensor4D } from '@tensorflow/tfjs';
import type { Normalisation } from '../engine.ts';
import { GREY_WEIGHTS, GREY_WHOLE, type ImageInput, integerRange } from '../graph/image-input.ts';
import type { Tf } from './tf.ts';

/**
 * What the network wants of bytes, [count, height, width, 3], RGB: as the ONNX engine prepares them, step by step in
 * float32. Integers go as int32, which is how TensorFlow.js holds all of them.
 */
export function prepare(
  tf: Tf,
  bytes: Tensor4D,
  { channels, layout, elementType }: Pick<ImageInput, 'channels' | 'layout' | 'elementType'>,
  { mean, std }: Normalisation,
): Tensor4D {
  const floats: Tensor4D = tf.cast(bytes, 'float32');
  const values = channels === 'GREY' ? grey(tf, floats) : channels === 'BGR' ? tf.reverse(floats, 3) : floats;
  const scaled = tf.div(values, tf.scalar(255));
  const normalised = tf.div(tf.sub(scaled, [...mean]), [...std]) as Tensor4D;
  const range = integerRange(elementType);
  const typed: Tensor4D = range ? tf.cast(tf.clipByValue(tf.floor(tf.add(normalised, 0.5)), ...range), 'int32') : normalised;
  return layout === 'NCHW' ? tf.transpose(typed, [0, 3, 1, 2]) : typed;
}

/** Exact: whole numbers below 2^24, or such a one over 2^16. */
function grey(tf: Tf, colours: Tensor4D): Tensor4D {
  const sums = tf.sum(tf.mul(colours, [...GREY_WEIGHTS]), 3, true);
  return tf.floor(tf.div(tf.add(sums, GREY_WHOLE / 2), GREY_WHOLE));
}
