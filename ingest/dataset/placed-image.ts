import { placeImage, type Size } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { DenseDataset, Row } from './dataset.ts';

/** Reads a row's image as the network wants it; see `placed`. Throws BAD_IMAGE. */
export function readPlacedImage(dataset: DenseDataset, row: Row, input: Size, resize: Resize): Promise<Uint8Array> {
  return placed(row, input, resize, (height, width) => dataset.readImage(row, height, width));
}

/**
 * An image as the network wants it, cropped or padded as its card says: `height * width * 3` bytes, 8-bit RGB, rows
 * then columns, black where the image does not reach.
 *
 * @param size of the image, @param read gives all of it at another size
 */
export async function placed(
  size: Size,
  input: Size,
  resize: Resize,
  read: (height: number, width: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const { y, x } = placeImage(resize, size, input);
  const image = await read(y.extent, x.extent);
  if (y.extent === input.height && x.extent === input.width) return image;
  const pixels = new Uint8Array(input.height * input.width * 3);
  const from = Math.max(0, x.start);
  const to = Math.min(input.width, x.start + x.extent);
  for (let row = Math.max(0, y.start); row < Math.min(input.height, y.start + y.extent); row++) {
    const line = (row - y.start) * x.extent - x.start;
    pixels.set(image.subarray((line + from) * 3, (line + to) * 3), (row * input.width + from) * 3);
  }
  return pixels;
}
