import os from 'node:os';
import path from 'node:path';
import { DissectoryError } from '../core/errors.ts';

/**
 * DISSECTORY_HOME as an absolute path, with `~` for one's own folder; `.dissectory` in the working directory where it
 * is empty or not set.
 *
 * @throws BAD_INPUT for `~name`, which only a shell can tell
 */
export function dissectoryHome(set: string | undefined = process.env.DISSECTORY_HOME): string {
  const text = set?.trim() || '.dissectory';
  if (!text.startsWith('~')) return path.resolve(text);
  if (text === '~' || text.startsWith('~/')) return path.join(os.homedir(), text.slice(1));
  throw new DissectoryError(
    'BAD_INPUT',
    `DISSECTORY_HOME is "${text}", and only a shell knows whose folder that is: write the whole path.`,
  );
}

/** Whether the user chose this folder: then data goes there or nowhere. */
export const isChosen = (home: string): boolean => Boolean(process.env.DISSECTORY_HOME?.trim()) && path.resolve(home) === dissectoryHome();
