import type { ImageLabels } from '../segmentation/labels.ts';
import { addCount, type CountTable, countsOf, emptyCounts } from './count-table.ts';
import type { Signatures } from './domain.ts';

/** What is gathered over a domain while images pass. Arrays have room at their ends; signature 0 carries nothing. */
export interface GatheredDomain {
  /** Places of the dataset's categories that an image must carry labels of. */
  categories: readonly number[];
  /** The domain's concepts, by their places among the dataset's, ascending. */
  concepts: readonly number[];
  signatures: number;
  starts: Uint32Array;
  items: Uint16Array;
  /** Image, signature, pixels: three numbers an entry. */
  entries: Uint32Array;
  entryCount: number;
  /** Pixels in a unit's mask, by unit and signature. */
  inMask: CountTable;
}

/** @param conceptCategories place of each concept's category, in concept order */
export function emptyDomain(categories: readonly number[], conceptCategories: readonly number[]): GatheredDomain {
  const concepts = conceptCategories.flatMap((category, concept) => (categories.includes(category) ? [concept] : []));
  return {
    categories,
    concepts,
    signatures: 1,
    starts: new Uint32Array(64),
    items: new Uint16Array(64),
    entries: new Uint32Array(192),
    entryCount: 0,
    inMask: emptyCounts(),
  };
}

/** Looks at the images of a domain one after the other. */
export interface SignatureWatcher {
  image(labels: ImageLabels, index: number): void;
  mask(unit: number, active: Int32Array, found: number): void;
}

/** Pixels that are ignored in a category of the domain are of no signature: they are outside. */
const OUTSIDE = 0xffffffff;

export function watchSignatures(domain: GatheredDomain): SignatureWatcher {
  const places = new Map(domain.concepts.map((concept, place) => [concept, place]));
  const index = indexOf(domain);
  /** The signature that a signature and one more concept make. */
  const joined = new Map<number, number>();
  const withConcept = (signature: number, place: number): number => {
    const key = signature * 65536 + place;
    const known = joined.get(key);
    if (known !== undefined) return known;
    const items = domain.items.subarray(domain.starts[signature], domain.starts[signature + 1]);
    const found = signatureOf(
      domain,
      index,
      [...new Set([...items, place])].sort((a, b) => a - b),
    );
    joined.set(key, found);
    return found;
  };
  let pixels = new Uint32Array(0);
  let isInDomain = false;
  const counts = new Map<number, number>();

  return {
    image(labels, image) {
      const { height, width, present, whole, maps, ignored } = labels;
      isInDomain = domain.categories.every((category) => present.includes(category));
      if (!isInDomain) return;
      let base = 0;
      for (const concept of whole) {
        const place = places.get(concept);
        if (place !== undefined) base = withConcept(base, place);
      }
      if (pixels.length !== height * width) pixels = new Uint32Array(height * width);
      pixels.fill(base);
      for (const map of maps) {
        // Neighbours mostly carry the same.
        let [before, label, after] = [-1, -1, 0];
        for (let p = 0; p < map.length; p++) {
          if (map[p] === 0) continue;
          if (pixels[p] !== before || map[p] !== label) {
            [before, label] = [pixels[p], map[p]];
            const place = places.get(label - 1);
            after = place === undefined ? before : withConcept(before, place);
          }
          pixels[p] = after;
        }
      }
      for (const { categories, pixels: away } of ignored)
        if (categories.some((category) => domain.categories.includes(category)))
          for (let p = 0; p < away.length; p++) if (away[p] === 1) pixels[p] = OUTSIDE;
      counts.clear();
      for (let p = 0; p < pixels.length; p++) if (pixels[p] !== OUTSIDE) counts.set(pixels[p], (counts.get(pixels[p]) ?? 0) + 1);
      for (const [signature, count] of counts) addEntry(domain, image, signature, count);
    },
    mask(unit, active, found) {
      if (!isInDomain) return;
      counts.clear();
      for (let i = 0; i < found; i++) {
        const signature = pixels[active[i]];
        if (signature !== OUTSIDE) counts.set(signature, (counts.get(signature) ?? 0) + 1);
      }
      for (const [signature, count] of counts) addCount(domain.inMask, unit, signature, count);
    },
  };
}

/** Adds what was gathered elsewhere, over other images, or over other units of the same. */
export function mergeDomain(sum: GatheredDomain, part: GatheredDomain): void {
  const index = indexOf(sum);
  const here = new Uint32Array(part.signatures);
  for (let s = 0; s < part.signatures; s++)
    here[s] = signatureOf(sum, index, Array.from(part.items.subarray(part.starts[s], part.starts[s + 1])));
  const known = new Set<number>();
  for (let i = 0; i < sum.entryCount; i++) known.add(sum.entries[3 * i]);
  for (let i = 0; i < part.entryCount; i++) {
    const [image, signature, pixels] = part.entries.subarray(3 * i, 3 * i + 3);
    if (!known.has(image)) addEntry(sum, image, here[signature], pixels);
  }
  for (const [unit, signature, count] of countsOf(part.inMask)) addCount(sum.inMask, unit, here[signature], count);
}

/** What the search takes. */
export function signaturesOf({ concepts, signatures, starts, items, entries, entryCount }: GatheredDomain): Signatures {
  const column = (at: number) => Uint32Array.from({ length: entryCount }, (_, i) => entries[3 * i + at]);
  return {
    concepts: concepts.length,
    starts: starts.slice(0, signatures + 1),
    items: items.slice(0, starts[signatures]),
    image: column(0),
    signature: column(1),
    pixels: column(2),
  };
}

const indexes = new WeakMap<GatheredDomain, Map<string, number>>();

function indexOf(domain: GatheredDomain): Map<string, number> {
  const known = indexes.get(domain);
  if (known) return known;
  const index = new Map<string, number>();
  for (let s = 0; s < domain.signatures; s++) index.set(domain.items.subarray(domain.starts[s], domain.starts[s + 1]).join(), s);
  indexes.set(domain, index);
  return index;
}

function signatureOf(domain: GatheredDomain, index: Map<string, number>, items: readonly number[]): number {
  const key = items.join();
  const known = index.get(key);
  if (known !== undefined) return known;
  const signature = domain.signatures++;
  const from = domain.starts[signature];
  domain.starts = withRoom(domain.starts, signature + 2);
  domain.items = withRoom(domain.items, from + items.length);
  domain.items.set(items, from);
  domain.starts[signature + 1] = from + items.length;
  index.set(key, signature);
  return signature;
}

function addEntry(domain: GatheredDomain, image: number, signature: number, pixels: number): void {
  const at = 3 * domain.entryCount++;
  domain.entries = withRoom(domain.entries, at + 3);
  domain.entries[at] = image;
  domain.entries[at + 1] = signature;
  domain.entries[at + 2] = pixels;
}

function withRoom<T extends Uint16Array | Uint32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
