import { mkdir, rm } from 'node:fs/promises';
import { DissectoryError } from '../../core/errors.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/**
 * Does work that keeps what it has reached in a folder. The folder goes once the work is done; while it is not, it
 * stays, so that the same work can be taken up there.
 *
 * @throws what the work throws; STORE_FULL where the folder's disk is full, STORE_UNAVAILABLE where the folder cannot
 * be written
 */
export async function withWorkFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    await mkdir(folder, { recursive: true });
    const result = await work();
    await rm(folder, { recursive: true, force: true });
    return result;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (FULL.has(code)) {
      const message = `The disk is full, there is no room for unfinished work in ${folder}: free some space there, then do the same again to go on.`;
      throw new DissectoryError('STORE_FULL', message, { cause });
    }
    if (CLOSED.has(code)) {
      const message = `Unfinished work cannot be kept in ${folder} (${code}): set DISSECTORY_HOME to a folder of your own.`;
      throw new DissectoryError('STORE_UNAVAILABLE', message, { cause });
    }
    throw cause;
  }
}
