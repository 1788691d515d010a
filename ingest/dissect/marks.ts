import { justBelow } from './order.ts';
import { NEARLY, type Parts, select } from './select.ts';

/**
 * The share of a sample's values above which a unit's mark is put, so that it lies below the threshold but for bad luck.
 *
 * A unit may fire on whole images at once, so what is sampled are images, not values: of `images` sampled ones, about
 * `tau * images` are expected to be wholly above the threshold, with a Poisson spread. Five standard deviations and four images
 * more are allowed for, times `safety`.
 */
function markShare(tau: number, images: number, safety: number): number {
  const expected = tau * images;
  return Math.min(1, ((expected + 5 * Math.sqrt(expected) + 4) * safety) / images);
}

/**
 * Raises marks by what a sample of images has shown.
 *
 * A mark is put just below the sample's ranked value (or a little lower), so that the value itself is kept; where that value is the unit's
 * minimum (a unit that is silent nearly everywhere) the mark is the minimum: only what exceeds it is kept. Marks never fall.
 *
 * @param parts the sample's values above the marks
 * @param minima each unit's minimum so far
 * @param images in the sample, @param cells that stand for each of its maps
 */
export async function raisedMarks(
  parts: Parts,
  marks: Float32Array,
  minima: Float32Array,
  images: number,
  cells: number,
  tau: number,
  safety: number,
): Promise<Float32Array> {
  const rank = Math.floor(markShare(tau, images, safety) * images * cells) + 1;
  if (rank > images * cells) return marks;
  const ranked = await select(parts, marks, rank, NEARLY);
  return marks.map((mark, k) => {
    if (Number.isNaN(ranked[k])) return mark; // too few values above the mark to raise it
    return ranked[k] <= minima[k] ? minima[k] : justBelow(ranked[k]);
  });
}
