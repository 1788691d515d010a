import type { DenseDataset } from '../../../ingest/dataset/dataset.ts';
import type { ImageLabels } from '../../../ingest/math/segmentation/labels.ts';

/** What an image is labelled with, one mask a concept (`OBJECT car`), `height * width`: 1 inside. */
export function masksOf(
  { concepts }: Pick<DenseDataset, 'concepts'>,
  { height, width, whole, maps }: ImageLabels,
): Map<string, Uint8Array> {
  const masks = new Map<string, Uint8Array>();
  const maskOf = (concept: number) => {
    const key = `${concepts[concept].category} ${concepts[concept].name}`;
    const mask = masks.get(key) ?? new Uint8Array(height * width);
    masks.set(key, mask);
    return mask;
  };
  for (const concept of whole) maskOf(concept).fill(1);
  for (const map of maps) for (const [p, code] of map.entries()) if (code > 0) maskOf(code - 1)[p] = 1;
  return masks;
}

/** Pixels that any category ignores. */
export function ignoredIn({ height, width, ignored }: ImageLabels): Uint8Array {
  const all = new Uint8Array(height * width);
  for (const { pixels } of ignored) for (const [p, value] of pixels.entries()) if (value === 1) all[p] = 1;
  return all;
}
