import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';

/** The account that PostgreSQL's programs run as. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root: for root this is the account that owns the cluster in `folder`, or the folder it
 * is to lie in; else `postgres`, else `nobody`. Null for everybody else, who runs it as themselves. Throws
 * STORE_UNAVAILABLE where root finds no account.
 */
export function serverAccount(folder: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const owned of [folder, path.dirname(folder)]) {
    const owner = fs.statSync(owned, { throwIfNoEntry: false });
    if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((which) => spawnSync('id', [which, name], { encoding: 'utf8' }));
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new DissectoryError(
    'STORE_UNAVAILABLE',
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether the account may execute the file or, for a folder, enter it: every folder above counts too. */
export const canReach = (account: Account, file: string): boolean => spawnSync('test', ['-x', file], { ...account, cwd: '/' }).status === 0;

/** The topmost folder on the way to `folder` that the account may not enter; null where it may enter all. */
export function barrierTo(account: Account, folder: string): string | null {
  const parts = path.resolve(folder).split(path.sep);
  const above = parts.map((_, i) => parts.slice(0, i + 1).join(path.sep) || '/');
  return above.find((one) => !canReach(account, one)) ?? null;
}
