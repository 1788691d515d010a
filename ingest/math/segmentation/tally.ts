import type { ImageLabels } from './labels.ts';

/** Exact integer counts of pixels, over any set of images; tallies of disjoint sets add up. */
export interface Tally {
  /**
   * `units * (concepts + 1)`: |M_k & L_c| at `k * (concepts + 1) + c + 1`; slot 0 of a unit counts unlabelled pixels
   * and means nothing.
   */
  intersections: Float64Array;
  /**
   * `units * categories`: |M_k| over the images that carry the category, without the pixels that are ignored for it.
   */
  activated: Float64Array;
}

export function emptyTally(units: number, concepts: number, categories: number): Tally {
  return { intersections: new Float64Array(units * (concepts + 1)), activated: new Float64Array(units * categories) };
}

/** Adds `other` to `sum`, in place. */
export function addTally(sum: Tally, other: Tally): void {
  addTo(sum.intersections, other.intersections);
  addTo(sum.activated, other.activated);
}

export function addTo(sum: Float64Array, other: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] += other[i];
}

/** What a mask is counted by. */
export interface TallyShape {
  concepts: number;
  categories: number;
  /** The layer has one value for a whole image: concepts that are labelled pixel by pixel are not scored with it. */
  wholeImagesOnly: boolean;
}

/**
 * Adds one unit's mask on one image to the tally.
 *
 * @param labels with each concept at most once on a pixel (`distinctLabels`)
 * @param active the mask's pixels, from 0 to `found`
 */
export function tallyMask(
  tally: Tally,
  { concepts, categories, wholeImagesOnly }: TallyShape,
  labels: ImageLabels,
  unit: number,
  active: Int32Array,
  found: number,
): void {
  const activated = unit * categories;
  for (const category of labels.present) tally.activated[activated + category] += found;
  for (const ignored of labels.ignored) {
    const lost = countIgnored(ignored.pixels, active, found);
    for (const category of ignored.categories) if (labels.present.includes(category)) tally.activated[activated + category] -= lost;
  }
  const base = unit * (concepts + 1);
  for (const concept of labels.whole) tally.intersections[base + concept + 1] += found;
  for (const map of wholeImagesOnly ? [] : labels.maps) countActive(tally.intersections, base, map, active, found);
}

function countIgnored(pixels: Uint8Array, active: Int32Array, found: number): number {
  let ignored = 0;
  for (let p = 0; p < found; p++) ignored += pixels[active[p]];
  return ignored;
}

/**
 * Run by run: neighbouring pixels mostly carry the same label, and adding to the same place again and again waits for
 * memory each time.
 */
function countActive(counts: Float64Array, base: number, map: Uint16Array, active: Int32Array, found: number): void {
  let label = map[active[0]];
  let start = 0;
  for (let p = 1; p < found; p++) {
    const next = map[active[p]];
    if (next === label) continue;
    counts[base + label] += p - start;
    label = next;
    start = p;
  }
  counts[base + label] += found - start;
}

/** Adds one image's labelled pixels to |L_c|, one a concept. Labels as for `tallyMask`. */
export function countLabels(pixels: Float64Array, labels: ImageLabels): void {
  for (const concept of labels.whole) pixels[concept] += labels.height * labels.width;
  for (const map of labels.maps) {
    for (let start = 0, end = 0; start < map.length; start = end) {
      const label = map[start];
      while (end < map.length && map[end] === label) end++;
      if (label > 0) pixels[label - 1] += end - start;
    }
  }
}
