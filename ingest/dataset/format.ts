/** What a format of densely labelled datasets is. The table of them is formats.ts. */
import type { Concept, DenseDataset } from './dataset.ts';
import type { Fault, Report } from './fault.ts';
import type { Place } from './place.ts';

export interface DatasetFormat {
  /** As `--format` takes it and the store keeps it: `broden`. */
  name: string;
  /** One line: what lies where. */
  description: string;
  /** `import.meta.url` of the module that exports it as `format`: threads open datasets through it. */
  module: string;
  /**
   * Whether what lies at a place is of this format. Looks at names first, and at the beginning of a file only where
   * names do not tell.
   */
  recognise(place: Place): Promise<boolean>;
  /**
   * Whether a file below the place (its path, with `/`) belongs to the dataset: no other is fetched from object
   * storage.
   */
  owns(file: string): boolean;
  /**
   * Which concepts a dataset has. `declared`: those of its tables. `shown`: those that its pictures show, however many
   * its tables name. Adding the dataset reads every label once, to count them and to find those that are shown
   * (`survey.ts`).
   */
  concepts: 'declared' | 'shown';
  /**
   * Opens the dataset at `root`: everything but pixels. `report` is told each fault; where it does not throw, what is
   * unsound is left out. Throws nothing of its own but what `report` throws.
   *
   * @param known `shown`: the concepts that were found when the dataset was added, in their order; it then has these
   */
  open(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset>;
  /** Reads a dataset whole and gives every fault. Absent: `checkByReading` does. */
  check?(root: string, onProgress: (done: number, total: number) => void): AsyncGenerator<Fault>;
}
