/**
 * What backups and copies lose of a cluster: found before PostgreSQL stumbles over the first of it, and mended by
 * `dissectory store repair`.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import { dataOf } from './trace.ts';

/** One thing that is wrong, in words that go after "the database in FOLDER:". */
export interface Fault {
  what: string;
  /** Null where nothing mends it: `remedy` says what to do. */
  mend: (() => void) | null;
  remedy?: string;
}

/** Folders that initdb makes and that may be empty: programs that copy files leave such out. */
const MAYBE_EMPTY = [
  ...['pg_wal/archive_status', 'pg_wal/summaries', 'pg_commit_ts', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots'],
  ...['pg_subtrans', 'pg_twophase', 'pg_replslot', 'pg_tblspc', 'pg_stat', 'pg_stat_tmp'],
  ...['pg_logical', 'pg_logical/snapshots', 'pg_logical/mappings'],
];
/** Of 18 on: a cluster of 17 has it too. */
const MUST_BE = ['global/pg_control', 'base', 'pg_xact', 'pg_wal', 'pg_multixact', 'postgresql.conf', 'pg_hba.conf'];

/** Looks at the cluster's files. Empty where PostgreSQL will find what it needs. */
export function faultsOf(cluster: Cluster): Fault[] {
  const data = dataOf(cluster.folder);
  if (!fs.existsSync(data)) return [lost('its folder data is missing')];
  const version = readVersion(data);
  if (version === null) return [lost('data/PG_VERSION is missing')];
  if (version !== cluster.major) return [otherMajor(version, cluster.major)];
  const missing = MUST_BE.filter((name) => !fs.existsSync(path.join(data, name)));
  if (missing.length > 0) return [lost(`data lacks ${missing.join(', ')}`)];
  return [...emptyFolders(cluster, data), ...owners(cluster), ...modes(cluster, data), ...passwords(cluster)];
}

/** @throws STORE_UNAVAILABLE with all that is wrong in one sentence */
export function requireSound(cluster: Cluster): void {
  const faults = faultsOf(cluster);
  if (faults.length === 0) return;
  const what = faults.map((fault) => fault.what).join('; ');
  const remedy = faults.find((fault) => fault.remedy)?.remedy ?? '`dissectory store repair` mends that';
  throw new DissectoryError('STORE_UNAVAILABLE', `The database in ${cluster.folder} cannot be opened: ${what}. ${capital(remedy)}.`);
}

const capital = (text: string) => text.replace(/^[a-z]/, (first) => first.toUpperCase());

const lost = (what: string): Fault => ({
  what,
  mend: null,
  remedy:
    'what is missing held data: bring it back from a whole backup, or set DISSECTORY_HOME to a new folder and `dissectory store restore FILE`',
});

const otherMajor = (version: number, major: number): Fault => ({
  what: `its files are incompatible with server version ${major}, which this Dissectory brings: PostgreSQL ${version} made them`,
  mend: null,
  remedy:
    'with the Dissectory that made it run `dissectory store dump FILE`, then with this one and a new DISSECTORY_HOME `dissectory store restore FILE`; or set DATABASE_URL to a server of that version',
});

function readVersion(data: string): number | null {
  try {
    return Number.parseInt(fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function emptyFolders(cluster: Cluster, data: string): Fault[] {
  const missing = MAYBE_EMPTY.filter((name) => !fs.existsSync(path.join(data, name)));
  if (missing.length === 0) return [];
  const mend = () => {
    for (const name of missing) {
      const made = fs.mkdirSync(path.join(data, name), { recursive: true, mode: 0o700 });
      if (made) own(cluster, path.join(data, name));
    }
  };
  return [{ what: `data lacks ${missing.join(', ')} (a backup that leaves out empty folders)`, mend }];
}

function owners(cluster: Cluster): Fault[] {
  const uid = cluster.account?.uid ?? process.getuid?.();
  const files = ['', 'data', 'data/global/pg_control', 'data/postgresql.conf', 'data/base'].map((name) => path.join(cluster.folder, name));
  const foreign = uid === undefined ? undefined : files.find((file) => fs.statSync(file).uid !== uid);
  if (foreign === undefined) return [];
  const what = `${foreign} belongs to the user ${fs.statSync(foreign).uid}, not to ${uid}, who runs it`;
  if (process.getuid?.() !== 0) {
    return [{ what, mend: null, remedy: `as root run \`dissectory store repair\`, or \`chown -R ${uid} ${cluster.folder}\`` }];
  }
  return [{ what, mend: () => run('chown', ['-R', `${uid}:${cluster.account?.gid ?? uid}`, cluster.folder]) }];
}

function modes(cluster: Cluster, data: string): Fault[] {
  const open = [cluster.folder, data].filter(
    (folder) => (fs.statSync(folder).mode & 0o077) !== 0 && !(isGroupRead(folder) && folder === data),
  );
  const shut = [cluster.folder, data].filter((folder) => (fs.statSync(folder).mode & 0o700) !== 0o700);
  const wrong = [...new Set([...open, ...shut])];
  if (wrong.length === 0) return [];
  const what = wrong.map((folder) => `${folder} has the mode ${(fs.statSync(folder).mode & 0o777).toString(8)} instead of 700`).join('; ');
  const mend = () => {
    for (const folder of wrong) fs.chmodSync(folder, 0o700);
    run('chmod', ['-R', 'u+rwX', cluster.folder]);
    const kept = wrong.find((folder) => (fs.statSync(folder).mode & 0o077) !== 0);
    if (kept) {
      throw new DissectoryError(
        'STORE_UNAVAILABLE',
        `The disk of ${kept} keeps no modes (exFAT, NTFS in WSL): set DISSECTORY_HOME to a folder on another disk, or DATABASE_URL.`,
      );
    }
  };
  // The folder around the data matters to others who could read the password, not to PostgreSQL
  return wrong.includes(data) || shut.length > 0 ? [{ what, mend }] : [];
}

/** PostgreSQL takes that as well. */
const isGroupRead = (folder: string) => (fs.statSync(folder).mode & 0o777) === 0o750;

function passwords(cluster: Cluster): Fault[] {
  const file = path.join(cluster.folder, 'password');
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8').length > 0) return [];
  return [{ what: 'the file password is missing or empty', mend: null, remedy: '`dissectory store repair` sets a new one' }];
}

function own({ account }: Cluster, file: string): void {
  if (account) fs.chownSync(file, account.uid, account.gid);
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new DissectoryError('STORE_UNAVAILABLE', `${program} failed (${stderr.trim()}): see to that, then repair again.`);
}
