import type { IgnoredPixels, ImageLabels } from '../math/segmentation/labels.ts';
import { NONE, VOID } from './codes.ts';
import type { ConceptList } from './concept-list.ts';

/** What a format reads of a picture's labels. */
export interface LabelReading {
  /** `height * width` codes each (codes.ts), rows then columns; taken over. */
  layers: readonly Uint16Array[];
  /** The codes that some pixel bears, where that is known. */
  codes?: ReadonlySet<number>;
  /** Concepts of the whole picture. */
  whole?: Iterable<number>;
}

/**
 * Puts a picture's labels together. A void pixel is ignored by every category that the format labels pixel by pixel,
 * but for a category that has a concept on it in another layer.
 *
 * @param voidFor places of these categories
 */
export function assembleLabels(
  { height, width }: { height: number; width: number },
  { categoryOf }: Pick<ConceptList, 'categoryOf'>,
  { layers, codes = codesIn(layers), whole = [] }: LabelReading,
  voidFor: readonly number[],
): ImageLabels {
  const maps = [...layers];
  const isVoid = codes.has(VOID) ? takeVoid(maps, height * width) : null;
  const wholes = Int32Array.from(new Set(whole));
  const present = new Set(Array.from(wholes, (concept) => categoryOf[concept]));
  for (const code of codes) if (code !== NONE && code !== VOID) present.add(categoryOf[code - 1]);
  return {
    height,
    width,
    present: [...present].sort((a, b) => a - b),
    whole: wholes,
    maps,
    ignored: isVoid ? ignoredBy(isVoid, maps, categoryOf, voidFor) : [],
  };
}

/** A map of the pixels that are `VOID`, which become `NONE`. */
function takeVoid(layers: readonly Uint16Array[], pixels: number): Uint8Array {
  const isVoid = new Uint8Array(pixels);
  for (const layer of layers) {
    for (let p = layer.indexOf(VOID); p >= 0 && p < pixels; p++) {
      if (layer[p] !== VOID) continue;
      layer[p] = NONE;
      isVoid[p] = 1;
    }
  }
  return isVoid;
}

function codesIn(layers: readonly Uint16Array[]): Set<number> {
  const found = new Set<number>();
  for (const layer of layers) {
    for (let p = 0, last = NONE; p < layer.length; p++) {
      if (layer[p] === last) continue;
      last = layer[p];
      found.add(last);
    }
  }
  return found;
}

function ignoredBy(
  isVoid: Uint8Array,
  layers: readonly Uint16Array[],
  categoryOf: readonly number[],
  voidFor: readonly number[],
): IgnoredPixels[] {
  const cleared = new Map<number, Uint8Array>();
  for (const layer of layers.length > 1 ? layers : []) {
    for (let p = 0; p < layer.length; p++) {
      if (isVoid[p] === 0 || layer[p] === NONE) continue;
      const category = categoryOf[layer[p] - 1];
      if (!voidFor.includes(category)) continue;
      const own = cleared.get(category) ?? isVoid.slice();
      cleared.set(category, own);
      own[p] = 0;
    }
  }
  const common = voidFor.filter((category) => !cleared.has(category));
  const own = Array.from(cleared, ([category, pixels]) => ({ categories: [category], pixels }));
  return [...(common.length > 0 ? [{ categories: common, pixels: isVoid }] : []), ...own];
}
