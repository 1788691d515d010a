/** A network on a backend, ready to give readings. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Normalisation } from '../engine.ts';
import type { Arrangement, ImageInput } from '../graph/image-input.ts';
import type { TfjsNetwork } from './network.ts';
import { prepare } from './prepare.ts';
import type { Tf } from './tf.ts';

/** A tensor that is asked for, as the network gives it. */
export interface TfjsTap {
  tensor: string;
  layout: Arrangement;
  /** Of the map that it becomes. */
  height: number;
  width: number;
  /** Tokens in front that are dropped. */
  skip: number;
  /** units * units, row-major. */
  rotation?: Float32Array;
}

export interface SessionSetup {
  input: ImageInput;
  normalisation: Normalisation;
  taps: readonly TfjsTap[];
}

/**
 * Runs a batch: `count` images of bytes, NHWC. Gives each tap, float32, image-major, then unit, rows, columns. No
 * tensor is left behind.
 */
export async function runBatch(
  tf: Tf,
  network: TfjsNetwork,
  setup: SessionSetup,
  pixels: Uint8Array,
  count: number,
): Promise<Float32Array[]> {
  const batch = setup.input.batch ?? count;
  const image = setup.input.height * setup.input.width * 3;
  const wholes: Float32Array[] = [];
  for (let first = 0; first < count; first += batch) {
    const part = pixels.subarray(first * image, (first + batch) * image);
    const results = tf.tidy(() => read(tf, network, setup, filledUp(part, batch * image), batch));
    const values = (await Promise.all(results.map((result) => result.data()))) as Float32Array[];
    tf.dispose(results);
    for (const [i, one] of values.entries()) {
      const each = one.length / batch;
      wholes[i] ??= new Float32Array(count * each);
      wholes[i].set(one.subarray(0, Math.min(batch, count - first) * each), first * each);
    }
  }
  return wholes;
}

function read(tf: Tf, network: TfjsNetwork, { input, normalisation, taps }: SessionSetup, pixels: Uint8Array, count: number): Tensor[] {
  const bytes = tf.tensor4d(pixels, [count, input.height, input.width, 3], 'int32');
  const images = prepare(tf, bytes, input, normalisation);
  const tensors = [...new Set(taps.map(({ tensor }) => tensor))];
  const results = network.run(images, tensors);
  return taps.map((tap) => {
    const last = channelsLast(tf, results[tensors.indexOf(tap.tensor)], tap);
    const { rotation } = tap;
    const turned = rotation ? turn(tf, last, rotation) : last;
    return tf.transpose(turned, [0, 3, 1, 2]);
  });
}

/** As [batch, rows, columns, units]. */
function channelsLast(tf: Tf, result: Tensor, { layout, height, width, skip }: TfjsTap): Tensor4D {
  const [count] = result.shape;
  switch (layout) {
    case 'NCHW':
      return tf.transpose(result as Tensor4D, [0, 2, 3, 1]);
    case 'NHWC':
      return result as Tensor4D;
    case 'vector':
      return tf.reshape(result, [count, 1, 1, -1]);
    case 'NCHWc':
      throw new Error('no layout of TensorFlow.js');
    case 'tokens':
      return tf.reshape(tf.slice(result, [0, skip, 0]), [count, height, width, -1]);
  }
}

/** The matrix times the activations at every location. */
function turn(tf: Tf, maps: Tensor4D, matrix: Float32Array): Tensor4D {
  const units = maps.shape[3];
  const locations = tf.reshape(maps, [-1, units]);
  return tf.reshape(tf.matMul(locations, tf.tensor2d(matrix, [units, units]), false, true), maps.shape);
}

function filledUp(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length === length) return pixels;
  const full = new Uint8Array(length);
  full.set(pixels);
  return full;
}
