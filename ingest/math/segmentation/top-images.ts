export const TOP_IMAGES = 10;

/**
 * The images on which each unit fires most, with its maps there: the largest maxima first. On a plateau (ReLU6, a
 * sigmoid) many maxima are equal: of those the map with more cells at the maximum comes first, then that of the larger
 * mean, then the lower image index. Where the threshold is the maximum, as of a saturated unit, the cells at the
 * maximum are those that reach the threshold; `byThreshold` orders the list for any threshold.
 */
export interface TopImages {
  /** `units * TOP_IMAGES` slots; `counts[k]` of unit k are filled. */
  counts: Uint8Array;
  images: Uint32Array;
  maxima: Float32Array;
  /** `units * TOP_IMAGES * cells`. */
  maps: Float32Array;
}

export function emptyTopImages(units: number, cells: number): TopImages {
  const slots = units * TOP_IMAGES;
  return {
    counts: new Uint8Array(units),
    images: new Uint32Array(slots),
    maxima: new Float32Array(slots),
    maps: new Float32Array(slots * cells),
  };
}

/**
 * Offers one map to its unit's list, in place. The map is `cells` values of `activations` from `at`; `max` is its
 * maximum.
 */
export function offer(
  top: TopImages,
  unit: number,
  image: number,
  max: number,
  activations: Float32Array,
  at: number,
  cells: number,
): void {
  const first = unit * TOP_IMAGES;
  const { counts, images, maxima, maps } = top;
  const last = first + counts[unit] - 1;
  const full = counts[unit] === TOP_IMAGES;
  const offered = { max, image, values: activations, at, cells };
  const held = (slot: number): Candidate => ({ max: maxima[slot], image: images[slot], values: maps, at: slot * cells, cells });
  if (full && (max < maxima[last] || !comesBefore(offered, held(last)))) return;

  let slot = full ? last : last + 1;
  for (; slot > first && comesBefore(offered, held(slot - 1)); slot--) {
    images[slot] = images[slot - 1];
    maxima[slot] = maxima[slot - 1];
    maps.copyWithin(slot * cells, (slot - 1) * cells, slot * cells);
  }
  images[slot] = image;
  maxima[slot] = max;
  maps.set(activations.subarray(at, at + cells), slot * cells);
  if (!full) counts[unit]++;
}

/** A map that may be one of the list: `cells` values from `at`. */
interface Candidate {
  max: number;
  image: number;
  values: Float32Array;
  at: number;
  cells: number;
}

function comesBefore(a: Candidate, b: Candidate): boolean {
  if (a.max !== b.max) return a.max > b.max;
  return order(facts(a, a.max), facts(b, b.max)) < 0;
}

/** What equal maxima are told apart by: how many cells reach a bound, and the mean. */
function facts({ image, values, at, cells }: Candidate, bound: number): { reach: number; mean: number; image: number } {
  let reach = 0;
  let sum = 0;
  for (let i = at; i < at + cells; i++) {
    if (values[i] >= bound) reach++;
    sum += values[i];
  }
  return { reach, mean: sum / cells, image };
}

const order = (a: ReturnType<typeof facts>, b: ReturnType<typeof facts>): number =>
  b.reach - a.reach || b.mean - a.mean || a.image - b.image;

/**
 * A unit's slots, from 0 in its list: the largest maxima first, of equal ones that of which more cells are in the mask,
 * then the larger mean, then the lower image index.
 *
 * @param bound the mask is S >= bound (see `maskBounds`)
 */
export function byThreshold({ counts, images, maxima, maps }: TopImages, unit: number, bound: number): number[] {
  const cells = maps.length / images.length;
  const first = unit * TOP_IMAGES;
  const listed = Array.from({ length: counts[unit] }, (_, rank) => {
    const slot = first + rank;
    return { rank, max: maxima[slot], ...facts({ max: maxima[slot], image: images[slot], values: maps, at: slot * cells, cells }, bound) };
  });
  return listed.sort((a, b) => b.max - a.max || order(a, b)).map(({ rank }) => rank);
}

/** Offers a batch's maps. `maxima`: `images * units`, as `scan` gives them. */
export function offerBatch(
  top: TopImages,
  images: readonly number[],
  activations: Float32Array,
  maxima: Float32Array,
  cells: number,
): void {
  const units = top.counts.length;
  for (let map = 0; map < maxima.length && map < images.length * units; map++) {
    offer(top, map % units, images[(map / units) | 0], maxima[map], activations, map * cells, cells);
  }
}

/** Offers what other images have left, in place; their order is of no account. */
export function mergeTopImages(top: TopImages, other: TopImages): void {
  const cells = other.maps.length / other.images.length;
  for (const [unit, count] of other.counts.entries()) {
    for (let slot = unit * TOP_IMAGES; slot < unit * TOP_IMAGES + count; slot++) {
      offer(top, unit, other.images[slot], other.maxima[slot], other.maps, slot * cells, cells);
    }
  }
}
