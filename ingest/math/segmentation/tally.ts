import type { Grid } from '../../../core/grid.ts';
import type { ImagePlacement } from '../../../core/placement.ts';
import type { Candidates } from './candidates.ts';
import type { ImageLabels } from './labels.ts';
import { activePixels, layOver, type MaskScratch, maskScratch, type Overlay } from './upsample.ts';

/** Exact integer counts of pixels, over any set of images; tallies of disjoint sets add up. */
export interface Tally {
  /** `units * (concepts + 1)`: |M_k & L_c| at `k * (concepts + 1) + c + 1`; slot 0 of a unit counts unlabelled pixels and means nothing. */
  intersections: Float64Array;
  /** `units * categories`: |M_k| over the images that carry the category. */
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

/** What tallying one layer's images needs; masks of several sizes share it. */
export interface TallyPlan {
  grid: Grid;
  inputHeight: number;
  inputWidth: number;
  concepts: number;
  categories: number;
  /** The layer has one value for a whole image: concepts that are labelled pixel by pixel are not scored with it. */
  wholeImagesOnly: boolean;
  /** Mask M_k = S_k >= bounds[k]. */
  bounds: Float64Array;
  surfaces: Map<string, Surface>;
}

interface Surface {
  overlay: Overlay;
  scratch: MaskScratch;
  active: Int32Array;
}

function surfaceFor({ surfaces, grid }: TallyPlan, height: number, width: number, placement: ImagePlacement): Surface {
  const { y, x } = placement;
  const key = [height, width, y.start, y.extent, x.start, x.extent].join();
  let surface = surfaces.get(key);
  if (!surface) {
    surface = {
      overlay: layOver(grid, placement, height, width),
      scratch: maskScratch(grid, width),
      active: new Int32Array(height * width),
    };
    surfaces.set(key, surface);
  }
  return surface;
}

/**
 * Adds one image to the tally.
 *
 * @param labels with each concept at most once on a pixel (`distinctLabels`)
 * @param placement of the labels over the network's input
 * @param kept holds the image's candidate maps from `from` to `to`
 */
export function tallyImage(
  tally: Tally,
  plan: TallyPlan,
  labels: ImageLabels,
  kept: Candidates,
  from: number,
  to: number,
  placement: ImagePlacement = stretched(plan),
): void {
  const { overlay, scratch, active } = surfaceFor(plan, labels.height, labels.width, placement);
  for (let i = from; i < to; i++) {
    const unit = kept.units[i];
    const bound = plan.bounds[unit];
    const found = activePixels(plan.grid, overlay, kept.cells, kept.values, kept.starts[i], kept.starts[i + 1], bound, scratch, active);
    if (found === 0) continue;
    for (let c = 0; c < plan.categories; c++) {
      if ((labels.present >> c) & 1) tally.activated[unit * plan.categories + c] += found;
    }
    const base = unit * (plan.concepts + 1);
    for (const concept of labels.whole) tally.intersections[base + concept + 1] += found;
    for (const map of plan.wholeImagesOnly ? [] : labels.maps) countActive(tally.intersections, base, map, active, found);
  }
}

/** Run by run: neighbouring pixels mostly carry the same label, and adding to the same place again and again waits for memory each time. */
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

function stretched({ inputHeight, inputWidth }: TallyPlan): ImagePlacement {
  return { y: { start: 0, extent: inputHeight }, x: { start: 0, extent: inputWidth } };
}

/** Adds one image's labelled pixels to |L_c|, one a concept. Labels as for `tallyImage`. */
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
