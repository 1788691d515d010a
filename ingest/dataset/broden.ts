/** A Broden v1 dataset as ingest sees it. Shapes only: `open.ts` reads it from disk. */
import type { Category } from '../../prisma/generated/enums.ts';

/** A (category, label) pair: a row of c_<category>.csv. `index` is its place in concept order. */
export interface Concept {
  index: number;
  category: Category;
  number: number;
  name: string;
  synonyms: string[];
  frequency: number;
  coverage: number;
}

/** A row of index.csv. A label is a number (of the whole image) or the path of a label map below images/. */
export interface Row {
  /** From 0, in the order of index.csv. */
  index: number;
  /** 1-based line of index.csv, for messages. */
  line: number;
  file: string;
  split: string;
  height: number;
  width: number;
  maskHeight: number;
  maskWidth: number;
  labels: ReadonlyMap<Category, readonly (number | string)[]>;
}

export interface Broden {
  root: string;
  /** In the order of category.csv. */
  categories: readonly Category[];
  concepts: readonly Concept[];
  rows: readonly Row[];
  /** Every label of label.csv: number to name. A concept's label stands here too; a label of no category stands only here. */
  labelNames: ReadonlyMap<number, string>;
  /** sha256 over index, labels and files' names and sizes. */
  sha256: string;
}
