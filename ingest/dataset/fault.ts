/** What is wrong with a dataset, and how it is told. */
import { join } from 'node:path';
import { DissectoryError, type ErrorCode } from '../../core/errors.ts';

export interface Fault {
  /** Below the dataset's folder. */
  file: string;
  /** 1-based, of the table that is meant: `file` itself, or the one that `entry` names. null where there is none. */
  line: number | null;
  /** What of the dataset names `file`, or which of its entries is meant: "index.csv, line 12", "annotation 1768". */
  entry?: string;
  /** What is wrong and what to do, to be read after the place. */
  message: string;
}

/**
 * Readers tell every fault and go on with what is sound; the caller decides whether to stop (`refuse`) or to collect.
 */
export type Report = (fault: Fault) => void;

/** One sentence for the user: place, then message. */
export function describeFault({ file, line, entry, message }: Fault): string {
  if (entry !== undefined) return `${file} (${entry}): ${message}`;
  return line === null ? `${file}: ${message}` : `${file}, line ${line}: ${message}`;
}

/** A report that throws the first fault as a DissectoryError with the file's full path. */
export function refuse(root: string, code: ErrorCode = 'BAD_DATASET'): (fault: Fault) => never {
  return (fault) => {
    throw new DissectoryError(code, describeFault({ ...fault, file: join(root, fault.file) }));
  };
}

/** Why a file could not be read, in the user's words. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return 'is missing; unpack the dataset again or correct the path';
  return `cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
