/** Images by class, for training and testing classifiers. Shapes only: `read-labelled.ts` reads them from disk. */

/** The images that a classifier learns from, and those that it is tested on. */
export const SPLITS = ['train', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** An image as a folder or a CSV lists it. */
export interface LabelledEntry {
  /** Below the folder, with `/`. */
  file: string;
  className: string;
  split: Split;
  /** Of the CSV; null where a folder lists it. */
  line: number | null;
}

export interface LabelledImage {
  /** From 0. */
  index: number;
  file: string;
  split: Split;
  /** Place in `classes`. */
  classIndex: number;
  height: number;
  width: number;
}

export interface Labelled {
  root: string;
  /** Names, in alphabetical order. */
  classes: readonly string[];
  images: readonly LabelledImage[];
  /** Fingerprint: see `labelledFingerprint`. */
  sha256: string;
}
