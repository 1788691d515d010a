import { eachRun, polygonFlips } from '../shapes/coco-polygon.ts';
import { eachLength, parseRunLengths, requireRunLengths } from '../shapes/run-lengths.ts';

/**
 * Tells the inside of an annotation's segmentation, in stretches of pixels that lie columns first; they may overlap.
 * Polygons, run lengths as a list or as text, as pycocotools rasterises them.
 *
 * Throws a plain Error, to be read after the place, where it is none of these or does not fit the image.
 *
 * @param tell given the first pixel of a stretch, and the one after its last
 */
export function eachInside(segmentation: unknown, height: number, width: number, tell: (from: number, to: number) => void): void {
  if (Array.isArray(segmentation) && segmentation.length > 0) {
    for (const ring of segmentation) eachRun(polygonFlips(ringOf(ring), height, width), height * width, tell);
    return;
  }
  const { size, counts } = (segmentation ?? {}) as { size?: unknown; counts?: unknown };
  if (counts === undefined) throw new Error('has no segmentation, and its box is none; draw one, or remove the annotation');
  if (!Array.isArray(size) || size[0] !== height || size[1] !== width)
    throw new Error(`has run lengths of the size ${JSON.stringify(size)} where the image is [${height}, ${width}] (height, width)`);
  const lengths = typeof counts === 'string' ? parseRunLengths(counts) : counts;
  if (!Array.isArray(lengths)) throw new Error('has run lengths that are neither a list nor text');
  requireRunLengths(lengths, height, width);
  eachLength(lengths, tell);
}

function ringOf(ring: unknown): readonly number[] {
  if (!Array.isArray(ring) || !ring.every((value) => typeof value === 'number' && Number.isFinite(value)))
    throw new Error('has a polygon that is no list of numbers');
  if (ring.length % 2 === 1) throw new Error(`has a polygon of ${ring.length} numbers; x and y come in pairs`);
  if (ring.length < 6) throw new Error(`has a polygon of ${ring.length / 2} points; it needs three or more`);
  return ring;
}
