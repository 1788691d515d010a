import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import type { Binaries } from './binaries.ts';
import { takeOver } from './claim.ts';
import { newPassword, USER } from './create.ts';
import { type Fault, faultsOf } from './faults.ts';
import { openEmbedded, prepareError } from './open.ts';
import { type Place, placeOf } from './place.ts';
import { programEnvironment, programOf, serverError } from './program.ts';
import { stopServer } from './server.ts';
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
  let place: Place;
  try {
    place = placeOf(home, binaries);
    if (!fs.existsSync(place.folder)) {
      throw new DissectoryError('NOT_FOUND', `There is no database in ${place.folder}: the next command makes one.`);
    }
    done.push(...(await takeOver(place.folder, place.account)));
    const trace = readTrace(place.folder);
    if (trace === null || !runsHere(trace, place.folder)) done.push(...mend(place));
  } catch (error) {
    throw prepareError(error, home);
  }
  try {
    await (await openEmbedded(home, binaries)).close();
  } catch (error) {
    if (!(error instanceof DissectoryError && error.message.includes('does not take the password'))) throw error;
    await stopServer(place);
    done.push(setPassword(place));
    await (await openEmbedded(home, binaries)).close();
  }
  return done;
}

function mend(place: Place): string[] {
  const done: string[] = [];
  const password = path.join(place.folder, 'password');
  const lacksPassword = !fs.existsSync(password) || fs.readFileSync(password, 'utf8') === '';
  for (const fault of faultsOf(place).filter(({ what }) => !what.includes('file password'))) {
    if (fault.mend === null) throw beyond(place, fault);
    fault.mend();
    done.push(`Mended: ${fault.what}.`);
  }
  if (lacksPassword) done.push(setPassword(place));
  return done;
}

const beyond = ({ folder }: Place, { what, remedy }: Fault) =>
  new DissectoryError('STORE_UNAVAILABLE', `The database in ${folder} cannot be repaired: ${what}. To go on: ${remedy}.`);

/** PostgreSQL alone, without a server that others could reach, needs no password to set one. */
function setPassword(place: Place): string {
  const password = newPassword();
  const { status, stderr, stdout } = spawnSync(programOf(place.binaries, 'postgres'), ['--single', '-D', 'data', 'postgres'], {
    ...place.account,
    cwd: place.folder,
    env: programEnvironment(),
    input: `ALTER ROLE ${USER} PASSWORD '${password}'\n`,
    encoding: 'utf8',
  });
  if (status !== 0 || stderr.includes('ERROR:')) throw serverError(`${stdout}${stderr}`, place.folder);
  const file = path.join(place.folder, 'password');
  fs.writeFileSync(file, password, { mode: 0o600 });
  fs.chmodSync(file, 0o600);
  if (place.account) fs.chownSync(file, place.account.uid, place.account.gid);
  return `Set a new password for the database in ${dataOf(place.folder)}.`;
}
