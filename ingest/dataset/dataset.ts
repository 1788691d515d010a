/** A densely labelled dataset as everybody sees it, whatever the format in which it lies on disk. */
import type { ImageLabels } from '../math/segmentation/labels.ts';
import type { Report } from './fault.ts';

/** A (category, label) pair. `index` is its place in concept order, which decides ties. */
export interface Concept {
  index: number;
  category: string;
  /** The label's number, as the dataset gives it. */
  number: number;
  name: string;
  synonyms: string[];
  /** Images that carry the concept, where the dataset says so itself. */
  frequency?: number;
  /** Sum over images of the fraction of the labels' pixels that carry it, likewise. */
  coverage?: number;
}

/** A picture of the dataset. What it is labelled with, `readLabels` tells. */
export interface Row {
  /** From 0, in the dataset's own order. */
  index: number;
  /** Path of the picture below the dataset's folder of pictures, with `/`. */
  file: string;
  split: string;
  /** Of the picture as shown, in pixels. */
  height: number;
  width: number;
  /** Of its labels, in pixels. They lie over the whole picture, corner on corner. */
  maskHeight: number;
  maskWidth: number;
  /** What names the row in messages: "index.csv, line 12", "image 397133". */
  entry: string;
  /** 1-based line of the table that lists it, where there is one. */
  line?: number;
}

/** A file that a dataset is made of. */
export interface DatasetFile {
  /** Below `root`, with `/`. */
  file: string;
  /**
   * What of it makes the fingerprint: every byte (tables, annotations), or its name and size (pictures, label maps).
   */
  counts: 'bytes' | 'size';
  /** The row that names it, for messages; null for tables. */
  row: Row | null;
}

export interface DenseDataset {
  /** Name of the format (see formats.ts). */
  format: string;
  /** Folder on this machine, or the one file that the dataset is. */
  root: string;
  /** Where `Row.file` starts from, below `root`: `images` or '' for `root` itself. */
  imageFolder: string;
  /**
   * In the dataset's own order. The six of Broden in the store's spelling (`OBJECT`), others as the dataset spells
   * them.
   */
  categories: readonly string[];
  concepts: readonly Concept[];
  rows: readonly Row[];
  /** Every label that the dataset knows: number to name. A label of no category stands only here. */
  labelNames: ReadonlyMap<number, string>;
  /** The files that it is made of, in an order of their own: tables first, then each row's. */
  files(): Iterable<DatasetFile>;
  /**
   * A row's picture, stretched to a size: `height * width * 3` bytes, 8-bit RGB, rows then columns.
   *
   * Throws BAD_IMAGE where the file is missing, corrupt or truncated.
   */
  readImage(row: Row, height: number, width: number): Promise<Uint8Array>;
  /**
   * What a row's picture is labelled with.
   *
   * Throws BAD_DATASET naming file and entry where its labels cannot be read. Where `report` is given, it is told
   * instead, and what cannot be used is left out.
   */
  readLabels(row: Row, report?: Report): Promise<ImageLabels>;
}
