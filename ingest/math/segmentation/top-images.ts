export const TOP_IMAGES = 10;

/** The images on which each unit fires most, with its maps there, best first; ties: the lower image index. */
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

/** Offers one map to its unit's list, in place. The map is `cells` values of `activations` from `at`; `max` is its maximum. */
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
  if (full && !comesBefore(max, image, maxima[last], images[last])) return;

  let slot = full ? last : last + 1;
  for (; slot > first && comesBefore(max, image, maxima[slot - 1], images[slot - 1]); slot--) {
    images[slot] = images[slot - 1];
    maxima[slot] = maxima[slot - 1];
    maps.copyWithin(slot * cells, (slot - 1) * cells, slot * cells);
  }
  images[slot] = image;
  maxima[slot] = max;
  maps.set(activations.subarray(at, at + cells), slot * cells);
  if (!full) counts[unit]++;
}

function comesBefore(max: number, image: number, otherMax: number, otherImage: number): boolean {
  return max > otherMax || (max === otherMax && image < otherImage);
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
