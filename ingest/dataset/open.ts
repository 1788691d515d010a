import type { Concept, DenseDataset } from './dataset.ts';
import { refuse } from './fault.ts';
import { fingerprint } from './fingerprint.ts';
import type { DatasetFormat } from './format.ts';
import { formatNamed, recogniseFormat } from './formats.ts';
import { localPlace } from './place.ts';

export type Fingerprinted = DenseDataset & { sha256: string };

/** Where a thread finds the dataset that another has opened. */
export interface DatasetSource {
  /** Module of its format. */
  module: string;
  root: string;
  /** Those of a format that has what its pictures show. */
  known?: readonly Concept[];
}

/**
 * Opens the dataset in the folder `root` with its fingerprint: every file that it names must be there. What stands in
 * pictures and labels is read by `readImage` and `readLabels`.
 *
 * @param format absent: recognised
 * @param known the concepts of a dataset that was added before
 * @throws BAD_DATASET naming file and entry at the first fault
 */
export async function openDense(root: string, format?: DatasetFormat, known?: readonly Concept[]): Promise<Fingerprinted> {
  const { open } = format ?? (await recogniseFormat(localPlace(root)));
  const dataset = await open(root, refuse(root), known);
  requireWholeNames(dataset);
  return Object.assign(dataset, { sha256: await fingerprint(dataset) });
}

/** A name whose bytes were no text has lost its letters: two of them may be one by now. Throws BAD_DATASET. */
function requireWholeNames({ root, concepts, rows }: DenseDataset): void {
  const isBroken = (name: string) => name.includes('\0') || name.includes('\ufffd');
  const lost = (name: string) => `the name "${name.replaceAll('\0', '\\0')}" is no text (not UTF-8, or with a NUL); save the file as UTF-8`;
  const concept = concepts.find(({ name }) => isBroken(name));
  if (concept) refuse(root)({ file: '', line: null, entry: `concept ${concept.number}`, message: lost(concept.name) });
  const row = rows.find(({ file }) => isBroken(file));
  if (row) refuse(root)({ file: '', line: null, entry: row.entry, message: lost(row.file) });
}

export function sourceOf({ format, root, concepts }: Pick<DenseDataset, 'format' | 'root' | 'concepts'>): DatasetSource {
  const { module, concepts: which } = formatNamed(format);
  return which === 'shown' ? { module, root, known: concepts } : { module, root };
}

/** Opens in a thread what `openDense` found sound. Throws BAD_DATASET where it changed meanwhile. */
export async function openSource({ module, root, known }: DatasetSource): Promise<DenseDataset> {
  const { format } = (await import(module)) as { format: DatasetFormat };
  return format.open(root, refuse(root), known);
}
