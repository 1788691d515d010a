import type { ImageLabels } from '../../math/segmentation/labels.ts';
import { readCsv } from '../csv.ts';
import type { Report } from '../fault.ts';
import type { Catalogue } from './catalogue.ts';
import { tableOf } from './category-name.ts';

/** Adds an image to the number of images that carry each concept. */
export function countPictures(labels: ImageLabels, images: Uint32Array): void {
  const carried = new Set(labels.whole);
  for (const map of labels.maps) for (const concept of map) if (concept > 0) carried.add(concept - 1);
  for (const concept of carried) images[concept]++;
}

/**
 * Reports each line of c_<category>.csv whose frequency does not fit `images`, the number of images found to carry each
 * concept.
 *
 * Broden counts before it scales the maps down, so that small things may be gone from them: the frequencies of a
 * category with maps (`mapped`) may exceed what was found, never fall short of it. Labels of whole images cannot get
 * lost: there both must be equal.
 */
export async function checkFrequencies(
  root: string,
  { categories, concepts }: Catalogue,
  images: Uint32Array,
  mapped: ReadonlySet<string>,
  report: Report,
): Promise<void> {
  for (const category of categories) {
    const file = tableOf(category);
    const byNumber = new Map(concepts.filter((concept) => concept.category === category).map((concept) => [concept.number, concept]));
    for await (const { line, fields } of readCsv(root, file, ['number'], () => {})) {
      const concept = byNumber.get(Number(fields.number));
      if (concept === undefined) continue;
      const found = images[concept.index];
      if (concept.frequency === found || (mapped.has(category) && concept.frequency > found)) continue;
      const message = `"${concept.name}" has the frequency ${concept.frequency}, but ${found} images carry it; correct the frequency or the labels`;
      report({ file, line, message });
    }
  }
}
