import type { LabelCounts, SeenConcepts } from '../math/labels/label-counts.ts';
import type { ImageLabels } from '../math/segmentation/labels.ts';
import type { UnitLabels } from '../write/record.ts';

/** What is labelled: the units of a layer, by the concepts of a dataset. */
export interface Subject {
  units: number;
  /** The category of each concept, by its place among the dataset's categories; in concept order. */
  conceptCategories: readonly number[];
  categories: number;
  /** The layer has one value for a whole image: concepts that are labelled pixel by pixel are not for it. */
  wholeImagesOnly: boolean;
  /** The name of each concept. */
  conceptNames: readonly string[];
  /** The methods that are asked for. IoU is always observed, its errors where it is asked for. */
  methods: readonly string[];
}

/** Looks at the masks of one layer at one tau over some of the images, one image after the other. */
export interface MaskWatcher {
  /**
   * Begins an image.
   * @param labels what of them the network sees, each concept at most once on a pixel,
   * @param seen the concepts among them,
   * @param index of the image in the dataset
   */
  image(labels: ImageLabels, seen: SeenConcepts, index: number): void;
  /**
   * A unit's mask on this image, once for each unit whose mask is not empty.
   * @param active pixels, from 0 to `found`; overwritten afterwards
   */
  mask(unit: number, active: Int32Array, found: number): void;
}

/**
 * What a method keeps of masks. A part is a plain object of typed arrays and numbers: it is sent between threads and
 * left in the store. Parts over disjoint images, and over disjoint units (a unit's masks come whole, but perhaps in a
 * later round than another's), merge in any order.
 */
export interface MaskObserver<Part> {
  empty(subject: Subject): Part;
  /** Writes what it sees into `part`. */
  watch(part: Part, subject: Subject): MaskWatcher;
  /** Adds `part` to `sum`, in place. */
  merge(sum: Part, part: Part): void;
}

/** How much each unit fires on each image, kept on disk. Units are read some at a time. */
export interface Activity {
  images: number;
  /**
   * @returns of units `from` to `to`: mean (the sum over its cells in float64, divided by their number) and maximum of
   * the map, unit after unit, images in the dataset's order
   */
  read(from: number, to: number): Promise<{ means: Float64Array; maxima: Float32Array }>;
}

/** The concepts of each image, in the dataset's order. */
export interface ConceptLists {
  /** Image i has `concepts` from `starts[i]` to `starts[i + 1]`: on at least one pixel, each once. */
  starts: Uint32Array;
  concepts: Uint16Array;
  /** The categories that each image carries a label of. */
  present: readonly (readonly number[])[];
}

/** What a method is given once all images have passed. */
export interface Observed<Part> {
  subject: Subject;
  part: Part;
  labels: LabelCounts;
  /** Of methods with `needsActivity`. */
  activity: Activity | null;
  /** Of methods with `needsConcepts`. */
  concepts: ConceptLists | null;
  /** Concepts whose IoU with a unit is stored: a score of this method is stored beside each. */
  kept(unit: number): readonly number[];
}

/**
 * A way to name what units detect. It knows no file and no database: `dissection/` shows it what it needs and stores
 * what it finds.
 */
export interface Labeller<Part = unknown, Found = UnitLabels> {
  /** Absent: the method needs no masks, and no threshold. */
  masks?: MaskObserver<Part>;
  /** Mean and maximum of every unit's map on every image are kept for it. */
  needsActivity: boolean;
  /** It is told which concepts each image has. */
  needsConcepts: boolean;
  /** Unit after unit, all of them. */
  finish(observed: Observed<Part>): Iterable<Found> | AsyncIterable<Found>;
}
