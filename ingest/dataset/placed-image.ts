import type { Resize } from '../../prisma/generated/enums.ts';
import { placeImage, type Size } from '../../prisma/placement.ts';
import type { Row } from './broden.ts';
import { readImage } from './image.ts';

/**
 * Reads a row's image as the network wants it, cropped or padded as its card says: `height * width * 3` bytes, 8-bit RGB, rows then columns,
 * black where the image does not reach. Throws BAD_IMAGE.
 */
export async function readPlacedImage(root: string, row: Row, input: Size, resize: Resize): Promise<Uint8Array> {
  const { y, x } = placeImage(resize, row, input);
  const image = await readImage(root, row, y.extent, x.extent);
  if (y.extent === input.height && x.extent === input.width) return image;
  const placed = new Uint8Array(input.height * input.width * 3);
  const from = Math.max(0, x.start);
  const to = Math.min(input.width, x.start + x.extent);
  for (let row = Math.max(0, y.start); row < Math.min(input.height, y.start + y.extent); row++) {
    const line = (row - y.start) * x.extent - x.start;
    placed.set(image.subarray((line + from) * 3, (line + to) * 3), (row * input.width + from) * 3);
  }
  return placed;
}
