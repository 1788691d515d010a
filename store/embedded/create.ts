import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Place } from './place.ts';
import { runProgram } from './program.ts';

export const USER = 'dissectory';

/**
 * Makes the cluster unless it is there: a folder with data/ and password, readable by its owner only.
 *
 * It appears whole, by a rename, so that neither a killed process nor two at once leave half of one.
 */
export async function createCluster(place: Place): Promise<void> {
  if (fs.existsSync(place.folder)) return;
  removeUnfinished(place.folder);
  const unfinished = fs.mkdtempSync(`${place.folder}.${process.pid}.`);
  const password = path.join(unfinished, 'password');
  fs.writeFileSync(password, randomBytes(18).toString('hex'), { mode: 0o600 });
  if (place.account) for (const file of [unfinished, password]) fs.chownSync(file, place.account.uid, place.account.gid);
  try {
    await initialise({ ...place, folder: unfinished }, password);
    fs.renameSync(unfinished, place.folder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(place.folder)) throw error;
  }
}

function initialise(place: Place, password: string): Promise<void> {
  const access = ['-U', USER, '-A', 'scram-sha-256', '--pwfile', password];
  // C.UTF-8 is built into PostgreSQL: the same order, the same upper and lower case on every machine
  const language = ['-E', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
  const speed = process.platform === 'linux' ? ['--sync-method', 'syncfs'] : []; // one call instead of one for each of 1000 files
  return runProgram(place, 'initdb', ['-D', path.join(place.folder, 'data'), ...access, ...language, ...speed]);
}

/** What processes that were killed in the middle left behind. */
function removeUnfinished(folder: string): void {
  const home = path.dirname(folder);
  for (const name of fs.readdirSync(home)) {
    const [, pid] = name.match(/^postgres\.(\d+)\./) ?? [];
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(home, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
