import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { isObjectUrl } from '../../store/objects/url.ts';

/** Folders and s3:// URLs in the notation of PATH, as an operator names them in DISSECTORY_FOLDERS. */
export function foldersOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(new RegExp(`${path.delimiter}(?!//)`))
    .filter((folder) => folder !== '')
    .map((folder) => (isObjectUrl(folder) ? folder : path.resolve(folder)));
}

/**
 * Makes sure that somebody who asks from afar names nothing outside the folders that the operator opened: not by `..`,
 * and not through a symbolic link. What lies outside is refused in the same words whether it exists or not.
 *
 * @param asked path, or s3:// URL, which must begin with an open one
 * @returns the path with its links resolved
 * @throws FORBIDDEN, NOT_FOUND where there is no such thing inside
 */
export async function requireAllowed(asked: string, folders: readonly string[]): Promise<string> {
  if (isObjectUrl(asked)) {
    if (folders.some((open) => isObjectUrl(open) && asked.startsWith(open.endsWith('/') ? open : `${open}/`))) return asked;
    throw refusal(asked, folders);
  }
  const named = path.resolve(asked);
  if (!isWithin(named, folders)) throw refusal(asked, folders);
  const real = await realpath(named).catch((cause) => {
    throw new DissectoryError('NOT_FOUND', `There is no ${asked} on the worker's machine (${cause.code ?? cause.message}).`, { cause });
  });
  const realFolders = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  if (!isWithin(real, realFolders)) throw refusal(asked, folders);
  return real;
}

function isWithin(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep));
}

function refusal(asked: string, folders: readonly string[]): DissectoryError {
  const open = folders.length > 0 ? `Open are ${folders.join(', ')}` : 'None is open';
  return new DissectoryError(
    'FORBIDDEN',
    `${asked} does not lie in a folder that may be registered from through the API. ${open}: an operator sets DISSECTORY_FOLDERS for the worker.`,
  );
}
