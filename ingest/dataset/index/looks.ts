import type { ImageLabels } from '../../math/segmentation/labels.ts';
import { PATTERNS } from './patterns.ts';

/** Counts over images of what the pixels of each concept look like. */
export interface Looks {
  /** Place of each concept among the COLOR concepts, -1 for all others. */
  colorOf: Int32Array;
  colorCount: number;
  /** `concepts * colorCount`: the concept's pixels that also carry the colour. */
  colors: Float64Array;
  /** `concepts * PATTERNS`: the concept's image pixels with the pattern. */
  patterns: Float64Array;
}

/** @param isColor one a concept */
export function emptyLooks(isColor: readonly boolean[]): Looks {
  let colorCount = 0;
  const colorOf = Int32Array.from(isColor, (color) => (color ? colorCount++ : -1));
  const concepts = isColor.length;
  return { colorOf, colorCount, colors: new Float64Array(concepts * colorCount), patterns: new Float64Array(concepts * PATTERNS) };
}

/**
 * Adds an image, in place. Image pixel (y, x) belongs to the mask pixel that covers its corner: (floor(y * mask height
 * / height), likewise x).
 *
 * @param labels with each concept at most once on a pixel (`distinctLabels`)
 * @param patterns `height * width`, as `patternsOf` gives them
 * @returns mask pixels of each concept on the image
 */
export function addLooks(looks: Looks, labels: ImageLabels, patterns: Uint8Array, height: number, width: number): Map<number, number> {
  const { colorOf } = looks;
  const pixels = new Map<number, number>();
  for (const map of labels.maps) {
    for (let p = 0; p < map.length; p++) {
      const concept = map[p] - 1;
      if (concept < 0) continue;
      pixels.set(concept, (pixels.get(concept) ?? 0) + 1);
      if (colorOf[concept] >= 0) addColor(looks, labels, p, colorOf[concept]);
    }
  }
  for (const concept of labels.whole) {
    pixels.set(concept, labels.height * labels.width);
    if (colorOf[concept] < 0) continue;
    for (let p = 0; p < labels.height * labels.width; p++) addColor(looks, labels, p, colorOf[concept]);
  }

  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor((y * labels.height) / height) * labels.width;
    for (let x = 0; x < width; x++, p++) {
      const masked = row + Math.floor((x * labels.width) / width);
      for (const map of labels.maps) if (map[masked] > 0) looks.patterns[(map[masked] - 1) * PATTERNS + patterns[p]]++;
      for (const concept of labels.whole) looks.patterns[concept * PATTERNS + patterns[p]]++;
    }
  }
  return pixels;
}

/** Counts a colour of mask pixel p for every concept there. */
function addColor({ colors, colorCount }: Looks, { maps, whole }: ImageLabels, p: number, color: number): void {
  for (const map of maps) if (map[p] > 0) colors[(map[p] - 1) * colorCount + color]++;
  for (const concept of whole) colors[concept * colorCount + color]++;
}

/** Counts `from` to `to` as shares of their sum; empty where there are none. */
export function sharesOf(counts: Float64Array, from: number, to: number): number[] {
  const stretch = [...counts.subarray(from, to)];
  const sum = stretch.reduce((total, count) => total + count, 0);
  return sum === 0 ? [] : stretch.map((count) => count / sum);
}
