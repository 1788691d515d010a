import type { ConceptLists } from '../labelling/labeller.ts';
import type { ImageLabels } from '../math/segmentation/labels.ts';

/** The concepts of some images, one list an image, in the order of passing. */
export interface ListedConcepts {
  lists: Uint16Array[];
  present: (readonly number[])[];
}

/** The concepts that an image carries on at least one pixel, ascending. @param scratch one a concept */
export function conceptsOf({ whole, maps }: ImageLabels, scratch: Uint8Array): Uint16Array {
  scratch.fill(0);
  for (const concept of whole) scratch[concept] = 1;
  for (const map of maps) for (const label of map) if (label > 0) scratch[label - 1] = 1;
  return Uint16Array.from([...scratch.keys()].filter((concept) => scratch[concept] === 1));
}

/** The lists of all images in the dataset's order. @param sequence the order in which they passed */
export function inOrder(parts: readonly ListedConcepts[], sequence: Uint32Array): ConceptLists {
  const lists: Uint16Array[] = [];
  const present: (readonly number[])[] = [];
  let position = 0;
  for (const part of parts) {
    for (const [i, list] of part.lists.entries()) {
      lists[sequence[position]] = list;
      present[sequence[position++]] = part.present[i];
    }
  }
  const starts = new Uint32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) starts[i + 1] = starts[i] + list.length;
  const concepts = new Uint16Array(starts[lists.length]);
  for (const [i, list] of lists.entries()) concepts.set(list, starts[i]);
  return { starts, concepts, present };
}
