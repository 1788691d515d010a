import { drawCocoPolygon } from '../shapes/coco-polygon.ts';
import { drawRunLengths, parseRunLengths, requireRunLengths } from '../shapes/run-lengths.ts';

/**
 * Sets the inside of an annotation's segmentation: polygons, run lengths as a list or as text, as pycocotools rasterises them.
 *
 * Throws a plain Error, to be read after the place, where it is none of these or does not fit the image.
 *
 * @param mask `height * width`, rows then columns
 */
export function drawSegmentation(mask: Uint8Array, segmentation: unknown, height: number, width: number): void {
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    for (const ring of segmentation) drawCocoPolygon(mask, ringOf(ring), height, width);
    return;
  }
  const { size, counts } = (segmentation ?? {}) as { size?: unknown; counts?: unknown };
  if (counts === undefined) throw new Error('has no segmentation, and its box is none; draw one, or remove the annotation');
  if (!Array.isArray(size) || size[0] !== height || size[1] !== width)
    throw new Error(`has run lengths of the size ${JSON.stringify(size)} where the image is [${height}, ${width}] (height, width)`);
  const lengths = typeof counts === 'string' ? parseRunLengths(counts) : counts;
  if (!Array.isArray(lengths)) throw new Error('has run lengths that are neither a list nor text');
  requireRunLengths(lengths, height, width);
  drawRunLengths(mask, lengths, height, width);
}

function ringOf(ring: unknown): readonly number[] {
  if (!Array.isArray(ring) || !ring.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Error('has a polygon that is no list of numbers');
  if (ring.length % 2 === 1) throw new Error(`has a polygon of ${ring.length} numbers; x and y come in pairs`);
  if (ring.length < 6) throw new Error(`has a polygon of ${ring.length / 2} points; it needs three or more`);
  return ring;
}
