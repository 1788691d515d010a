import type { ImageLabels } from '../segmentation/labels.ts';
import { addTo, countLabels } from '../segmentation/tally.ts';

/** What the labels of some images say, whatever units do; counts of disjoint sets of images add up. */
export interface LabelCounts {
  /** |L_c|, the pixels of each concept. */
  pixels: Float64Array;
  /** The sum over images of their squares. */
  squares: Float64Array;
  /** Images with at least one pixel of the concept. */
  positives: Float64Array;
  /** Images with a label of the category. */
  labelled: Float64Array;
}

/** The concepts of one image. */
export interface SeenConcepts {
  /** Those with at least one pixel, ascending. */
  concepts: readonly number[];
  /** Of every concept. Overwritten by the next image. */
  pixels: Float64Array;
}

export function emptyLabelCounts(concepts: number, categories: number): LabelCounts {
  const [pixels, squares, positives] = [0, 1, 2].map(() => new Float64Array(concepts));
  return { pixels, squares, positives, labelled: new Float64Array(categories) };
}

export function addLabelCounts(sum: LabelCounts, other: LabelCounts): void {
  addTo(sum.pixels, other.pixels);
  addTo(sum.squares, other.squares);
  addTo(sum.positives, other.positives);
  addTo(sum.labelled, other.labelled);
}

/**
 * Adds one image, in place. @param labels with each concept at most once on a pixel (`distinctLabels`)
 *
 * @param scratch one a concept
 */
export function countImage(sum: LabelCounts, labels: ImageLabels, scratch: Float64Array): SeenConcepts {
  scratch.fill(0);
  countLabels(scratch, labels);
  const concepts: number[] = [];
  for (let c = 0; c < scratch.length; c++) {
    if (scratch[c] === 0) continue;
    concepts.push(c);
    sum.pixels[c] += scratch[c];
    sum.squares[c] += scratch[c] ** 2;
    sum.positives[c]++;
  }
  for (const category of labels.present) sum.labelled[category]++;
  return { concepts, pixels: scratch };
}
