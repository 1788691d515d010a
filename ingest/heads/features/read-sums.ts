import { bytesToFloats } from '../../../core/floats.ts';
import type { Store } from '../../../store/store.ts';

/** Rows read at once. */
const PAGE = 256;

/**
 * Reads what a layer's units add up to on images, in the images' order, a page at a time; the features must be stored.
 *
 * @param layerId of its row
 * @returns each image with one sum over space a unit
 */
export async function* readSums<Image extends { id: number }>(
  { prisma }: Store,
  layerId: number,
  images: readonly Image[],
): AsyncGenerator<{ image: Image; sums: Float32Array }> {
  for (let from = 0; from < images.length; from += PAGE) {
    const page = images.slice(from, from + PAGE);
    const found = await prisma.feature.findMany({
      where: { layerId, imageId: { in: page.map(({ id }) => id) } },
      select: { imageId: true, sums: true },
    });
    const stored = new Map(found.map(({ imageId, sums }) => [imageId, sums]));
    for (const image of page) yield { image, sums: bytesToFloats(stored.get(image.id) as Uint8Array) };
  }
}
