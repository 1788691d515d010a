import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Cluster } from './cluster.ts';
import { runInitdb } from './program.ts';
import { isAlive } from './trace.ts';

export const USER = 'dissectory';

/**
 * Makes the cluster unless it is there: a folder with data/ and password, readable by its owner only.
 *
 * It appears whole, by a rename, so that neither a killed process nor two at once leave half of one.
 */
export async function createCluster(cluster: Cluster): Promise<void> {
  if (fs.existsSync(cluster.folder)) return;
  removeUnfinished(cluster.folder);
  const unfinished = fs.mkdtempSync(`${cluster.folder}.${process.pid}.`);
  try {
    const password = path.join(unfinished, 'password');
    fs.writeFileSync(password, newPassword(), { mode: 0o600 });
    if (cluster.account) for (const file of [unfinished, password]) fs.chownSync(file, cluster.account.uid, cluster.account.gid);
    await initialise({ ...cluster, folder: unfinished }, cluster.folder);
    fs.renameSync(unfinished, cluster.folder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(cluster.folder)) throw error;
  }
}

export const newPassword = (): string => randomBytes(18).toString('hex');

/** Paths are relative to the folder: initdb gives them to a shell. */
function initialise(cluster: Cluster, shown: string): Promise<void> {
  const access = ['-U', USER, '-A', 'scram-sha-256', '--pwfile', 'password'];
  // C.UTF-8 is built into PostgreSQL: the same order, the same upper and lower case on every machine
  const language = ['-E', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
  const speed = process.platform === 'linux' ? ['--sync-method', 'syncfs'] : []; // one call instead of one for each of 1000 files
  return runInitdb(cluster, ['-D', 'data', ...access, ...language, ...speed], shown);
}

/** What processes that were killed in the middle left behind. */
function removeUnfinished(folder: string): void {
  const home = path.dirname(folder);
  for (const name of fs.readdirSync(home)) {
    const [, pid] = name.match(/^postgres\.(\d+)\./) ?? [];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(home, name), { recursive: true, force: true });
  }
}
