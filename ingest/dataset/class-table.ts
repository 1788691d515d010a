import { codeOf } from './codes.ts';
import type { ConceptList } from './concept-list.ts';
import type { Report } from './fault.ts';

/** A class of a dataset's own table. */
export interface ClassLine {
  /** What stands in the label maps: a value, an id, a colour. */
  value: number;
  name: string;
  synonyms?: readonly string[];
  /** The number that the dataset gives the class; absent: `value`. */
  number?: number;
  /** 1-based. */
  line: number | null;
  /** Which entry of the file is meant, where it has no lines. */
  entry?: string;
}

/**
 * What the values of a table of classes mean, each class a concept of `category`; names like "background" and "ignore"
 * are none (`codeOf`).
 *
 * Reports a value or a name that stands twice.
 *
 * @param describe what a value is called: "value 7"
 */
export function meaningOfClasses(
  file: string,
  classes: Iterable<ClassLine>,
  list: ConceptList,
  category: string,
  describe: (value: number) => string,
  report: Report,
): Map<number, number> {
  const table = new Map<number, number>();
  const names = new Map<number, string>();
  const values = new Map<string, number>();
  for (const { value, name, synonyms, number, line, entry } of classes) {
    const place = { file, line, ...(entry === undefined ? {} : { entry }) };
    const before = names.get(value);
    const same = values.get(name);
    if (name === '') report({ ...place, message: `${describe(value)} has no name` });
    else if (before !== undefined) report({ ...place, message: `${describe(value)} is named "${before}" and "${name}"; keep one of them` });
    else if (same !== undefined)
      report({ ...place, message: `"${name}" names ${describe(same)} and ${describe(value)}; names must differ` });
    else {
      names.set(value, name);
      values.set(name, value);
      const code = codeOf(name, () => list.add(category, name, number ?? value, synonyms));
      if (code !== null) table.set(value, code);
    }
  }
  return table;
}
