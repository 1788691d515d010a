import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ImageInput } from '../graph/image-input.ts';
import { PIXELS } from './prepare.ts';

/**
 * Whether a network that was exported for a fixed batch also takes other numbers of images: whether two different images at once give
 * what each of them gives alone. Shapes that the exporter wrote down as numbers (reshapes, mostly) can forbid it.
 *
 * `bytes`: the rewritten network, its batch declared open.
 */
export async function takesAnyBatch(bytes: Uint8Array, outputs: readonly string[], { height, width }: ImageInput): Promise<boolean> {
  const image = height * width * 3;
  const pixels = Uint8Array.from({ length: 2 * image }, (_, i) => (i * 2654435761) >>> 24);
  const session = await InferenceSession.create(bytes, { executionProviders: ['cpu'], logSeverityLevel: 4 }).catch(() => null);
  if (!session) return false;
  const run = (from: number, count: number) =>
    session.run({ [PIXELS]: new Tensor('uint8', pixels.slice(from * image, (from + count) * image), [count, height, width, 3]) });
  try {
    const both = await run(0, 2);
    const alone = [await run(0, 1), await run(1, 1)];
    return outputs.every((name) => agree(numbers(both[name]), [...numbers(alone[0][name]), ...numbers(alone[1][name])]));
  } catch {
    return false;
  } finally {
    await session.release();
  }
}

function numbers(tensor: Tensor): Float32Array {
  return tensor.data as Float32Array;
}

/** Up to what another order of summation may change. */
function agree(values: ArrayLike<number>, expected: readonly number[]): boolean {
  if (values.length !== expected.length) return false;
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return expected.every((value, i) => Math.abs(value - values[i]) <= 1e-4 * scale);
}
