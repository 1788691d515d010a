import fs from 'node:fs';
import path from 'node:path';
import { USER } from './create.ts';
import type { Place } from './place.ts';
import { choosePort } from './port.ts';
import { runProgram } from './program.ts';

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_checkpoints=off'];

/** Starts the server and waits until it answers. Throws STORE_UNAVAILABLE where it cannot start, and where it runs already. */
export async function startCluster(place: Place): Promise<void> {
  const log = path.join(place.folder, 'log');
  const logged = fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const options = [`-p ${await choosePort(place.folder)}`, ...SETTINGS.map((setting) => `-c ${setting}`)].join(' ');
  const args = ['-D', dataOf(place.folder), '-l', log, '-w', '-t', '600', '-o', options, 'start'];
  await runProgram(place, 'pg_ctl', args, (stderr) => lastFault(log, logged) ?? stderr.trim());
}

/** Stops the server, whoever is still connected. */
export const stopCluster = (place: Place): Promise<void> =>
  runProgram(place, 'pg_ctl', ['-D', dataOf(place.folder), '-m', 'fast', '-w', '-t', '600', 'stop']);

/** Where the server is, if it runs at all: a crashed one leaves its trace behind. Null where there is no trace. */
export function clusterUrl(folder: string): string | null {
  const trace = traceOf(folder);
  const port = fs.existsSync(trace) ? Number(fs.readFileSync(trace, 'utf8').split('\n')[3]) : 0;
  if (!port) return null;
  const password = fs.readFileSync(path.join(folder, 'password'), 'utf8');
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
}

/**
 * Removes the process id that a crashed server left behind: by now it may be another process's (after a reboot, in a new
 * container), and PostgreSQL would refuse to start for ever. To be called only where nobody listens on its port; one written
 * within the last seconds is that of a server just starting.
 */
export function removeStaleTrace(folder: string): void {
  const written = fs.statSync(traceOf(folder), { throwIfNoEntry: false })?.mtimeMs;
  if (written !== undefined && Date.now() - written > 5000) fs.rmSync(traceOf(folder), { force: true });
}

const dataOf = (folder: string) => path.join(folder, 'data');
const traceOf = (folder: string) => path.join(folder, 'data', 'postmaster.pid');

/** What the server complained of at the end of its log. */
function lastFault(log: string, from: number): string | undefined {
  if (!fs.existsSync(log)) return undefined;
  const text = fs.readFileSync(log).subarray(from).toString('utf8');
  return [...text.matchAll(/(?:FATAL|PANIC): +(.*)/g)].at(-1)?.[1];
}
