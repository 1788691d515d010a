/**
 * What a formula search knows of a domain before it looks at any unit. A domain is the images that carry labels of all
 * its categories. Pixels that carry the same concepts of these categories count together: they are a *signature*.
 */

export interface Signatures {
  concepts: number;
  /** Signature s carries `items` from `starts[s]` to `starts[s + 1]`: concepts of the domain, ascending. */
  starts: Uint32Array;
  items: Uint16Array;
  /**
   * Entry i says that so many `pixels` of one image carry a signature. Each image and signature stand together once.
   */
  image: Uint32Array;
  signature: Uint32Array;
  pixels: Uint32Array;
}

export interface Domain extends Signatures {
  signatures: number;
  /** Pixels of each signature. */
  size: Float64Array;
  /** Pixels of each concept, and images with at least one of them. */
  conceptSize: Float64Array;
  conceptImages: Uint32Array;
  /** Signatures of concept c: `bearers` from `bearerStarts[c]` to `bearerStarts[c + 1]`. */
  bearerStarts: Uint32Array;
  bearers: Uint32Array;
  /** Images of signature s: `homes` from `homeStarts[s]` to `homeStarts[s + 1]`. */
  homeStarts: Uint32Array;
  homes: Uint32Array;
  images: number;
  /** Scratch: when each image was last counted. */
  stamps: Uint32Array;
  stamp: number;
  /** concepts * concepts, symmetric: pixels that carry both; its diagonal is `conceptSize`. */
  pairSize: Float64Array;
}

/** Prepares the search over a domain. Takes time and memory as concepts^2 and as what `signatures` holds. */
export function prepareDomain(given: Signatures): Domain {
  const { concepts, starts, items, image, signature, pixels } = given;
  const signatures = starts.length - 1;
  const size = new Float64Array(signatures);
  for (let i = 0; i < signature.length; i++) size[signature[i]] += pixels[i];

  const places = new Map<number, number>();
  const dense = Uint32Array.from(image, (one) => {
    const place = places.get(one) ?? places.size;
    places.set(one, place);
    return place;
  });
  const homes = grouped(signature, dense, signatures);
  const pairSize = new Float64Array(concepts * concepts);
  const bearing = new Uint32Array(items.length);
  for (let s = 0; s < signatures; s++) {
    bearing.fill(s, starts[s], starts[s + 1]);
    for (let i = starts[s]; i < starts[s + 1]; i++)
      for (let j = starts[s]; j < starts[s + 1]; j++) pairSize[items[i] * concepts + items[j]] += size[s];
  }
  const bearers = grouped(items, bearing, concepts);
  const domain: Domain = {
    ...given,
    signatures,
    size,
    conceptSize: Float64Array.from({ length: concepts }, (_, c) => pairSize[c * concepts + c]),
    conceptImages: new Uint32Array(concepts),
    bearerStarts: bearers.starts,
    bearers: bearers.values,
    homeStarts: homes.starts,
    homes: homes.values,
    images: places.size,
    stamps: new Uint32Array(places.size),
    stamp: 0,
    pairSize,
  };
  for (let c = 0; c < concepts; c++) domain.conceptImages[c] = imagesWhere(domain, [c], () => true);
  return domain;
}

/**
 * Images with a pixel for which a formula is true.
 *
 * @param concepts one of which each such pixel carries
 * @param holds says of a signature whether the formula is true of it
 */
export function imagesWhere(domain: Domain, concepts: readonly number[], holds: (signature: number) => boolean): number {
  const { bearerStarts, bearers, homeStarts, homes, stamps } = domain;
  const stamp = ++domain.stamp;
  let found = 0;
  for (const concept of concepts)
    for (let b = bearerStarts[concept]; b < bearerStarts[concept + 1]; b++) {
      if (!holds(bearers[b])) continue;
      for (let h = homeStarts[bearers[b]]; h < homeStarts[bearers[b] + 1]; h++) {
        if (stamps[homes[h]] === stamp) continue;
        stamps[homes[h]] = stamp;
        found++;
      }
    }
  return found;
}

/** Values by their group: those of group g from `starts[g]` to `starts[g + 1]`, in the order given. */
function grouped(groups: ArrayLike<number>, values: ArrayLike<number>, count: number): { starts: Uint32Array; values: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < groups.length; i++) starts[groups[i] + 1]++;
  for (let g = 0; g < count; g++) starts[g + 1] += starts[g];
  const next = starts.slice(0, count);
  const sorted = new Uint32Array(groups.length);
  for (let i = 0; i < groups.length; i++) sorted[next[groups[i]]++] = values[i];
  return { starts, values: sorted };
}
