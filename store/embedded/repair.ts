import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import type { Binaries } from './binaries.ts';
import { takeOver } from './claim.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import { newPassword, USER } from './create.ts';
import { type Fault, faultsOf } from './faults.ts';
import { openEmbedded, prepareError } from './open.ts';
import { stopServer } from './postgres.ts';
import { programEnvironment, programOf, serverError } from './program.ts';
import { dataOf, readTrace, runsHere } from './trace.ts';

/**
 * Mends what a backup or copy loses of the cluster of a home: empty folders, modes, owners, the password; and takes a
 * cluster over that a machine left open which is gone. Then it is opened once, which proves it.
 *
 * @returns what was done, a sentence each; empty where nothing was wrong
 * @throws STORE_UNAVAILABLE where something is missing that held data, where PostgreSQL of another version made it,
 * where it is in use
 */
export async function repair(home: string, binaries?: Binaries): Promise<string[]> {
  const done: string[] = [];
  let cluster: Cluster;
  try {
    cluster = clusterOf(home, binaries);
    if (!fs.existsSync(cluster.folder)) {
      throw new DissectoryError('NOT_FOUND', `There is no database in ${cluster.folder}: the next command makes one.`);
    }
    done.push(...(await takeOver(cluster.folder, cluster.account)));
    const trace = readTrace(cluster.folder);
    if (trace === null || !runsHere(trace, cluster.folder)) done.push(...mend(cluster));
  } catch (error) {
    throw prepareError(error, home);
  }
  try {
    await (await openEmbedded(home, binaries)).close();
  } catch (error) {
    if (!(error instanceof DissectoryError && error.message.includes('does not take the password'))) throw error;
    await stopServer(cluster);
    done.push(setPassword(cluster));
    await (await openEmbedded(home, binaries)).close();
  }
  return done;
}

function mend(cluster: Cluster): string[] {
  const done: string[] = [];
  const password = path.join(cluster.folder, 'password');
  const lacksPassword = !fs.existsSync(password) || fs.readFileSync(password, 'utf8') === '';
  for (const fault of faultsOf(cluster).filter(({ what }) => !what.includes('file password'))) {
    if (fault.mend === null) throw beyond(cluster, fault);
    fault.mend();
    done.push(`Mended: ${fault.what}.`);
  }
  if (lacksPassword) done.push(setPassword(cluster));
  return done;
}

const beyond = ({ folder }: Cluster, { what, remedy }: Fault) =>
  new DissectoryError('STORE_UNAVAILABLE', `The database in ${folder} cannot be repaired: ${what}. To go on: ${remedy}.`);

/** PostgreSQL alone, without a server that others could reach, needs no password to set one. */
function setPassword(cluster: Cluster): string {
  const password = newPassword();
  const { status, stderr, stdout } = spawnSync(programOf(cluster.binaries, 'postgres'), ['--single', '-D', 'data', 'postgres'], {
    ...cluster.account,
    cwd: cluster.folder,
    env: programEnvironment(),
    input: `ALTER ROLE ${USER} PASSWORD '${password}'\n`,
    encoding: 'utf8',
  });
  if (status !== 0 || stderr.includes('ERROR:')) throw serverError(`${stdout}${stderr}`, cluster.folder);
  const file = path.join(cluster.folder, 'password');
  fs.writeFileSync(file, password, { mode: 0o600 });
  fs.chmodSync(file, 0o600);
  if (cluster.account) fs.chownSync(file, cluster.account.uid, cluster.account.gid);
  return `Set a new password for the database in ${dataOf(cluster.folder)}.`;
}
