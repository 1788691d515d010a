import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Account, canReach, serverAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';

/** Where the embedded PostgreSQL of a home lies, and who runs it. */
export interface Place {
  /** Holds PostgreSQL's bin/, lib/ and share/. */
  binaries: string;
  /** Of the cluster: data/, password, log. */
  folder: string;
  /** Null: our own. */
  account: Account | null;
}

/**
 * Lays the cluster of `home` into `home/postgres`, run by the npm package's binaries where they are.
 *
 * What root's stand-in account cannot reach (a checkout below /root, say) lies below `/var/lib/dissectory-<hash of home>` instead.
 */
export function placeOf(home: string): Place {
  const inside = path.join(path.resolve(home), 'postgres');
  fs.mkdirSync(path.dirname(inside), { recursive: true });
  const reserve = `/var/lib/dissectory-${createHash('sha256').update(inside).digest('hex').slice(0, 16)}`;
  const outside = path.join(reserve, 'postgres');
  const account = serverAccount(fs.existsSync(outside) ? outside : inside);
  const binaries = findBinaries();
  if (!account) return { binaries: binaries.folder, folder: inside, account };

  const reachable = canReach(account, path.dirname(inside)) && !fs.existsSync(outside);
  if (!reachable) makeEnterable(reserve);
  return {
    binaries: canReach(account, path.join(binaries.folder, 'bin', 'postgres')) ? binaries.folder : copyTo(reserve, binaries),
    folder: reachable ? inside : outside,
    account,
  };
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
