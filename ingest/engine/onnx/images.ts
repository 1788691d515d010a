import { Tensor } from 'onnxruntime-node';
import type { ImageInput } from '../graph/image-input.ts';

/** Images `from` to `from + count` of the pixels, as a network takes them. */
export function imageTensor(
  pixels: Uint8Array,
  { height, width }: Pick<ImageInput, 'height' | 'width'>,
  from: number,
  count: number,
): Tensor {
  const image = height * width * 3;
  return new Tensor('uint8', pixels.slice(from * image, (from + count) * image), [count, height, width, 3]);
}
