import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/**
 * Stops the server, whoever is still connected, and waits until it is gone. (pg_ctl's own waiting would not notice that a newcomer
 * has started another one at once, and would wait for the end of that.)
 */
export async function stopCluster(place: Place): Promise<void> {
  const server = processOf(place.folder);
  await runProgram(place, 'pg_ctl', ['-D', dataOf(place.folder), '-m', 'fast', '-W', 'stop']);
  while (server !== null && processOf(place.folder) === server && isAlive(Number(server))) await sleep(20);
}

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

/** The server's process id, as it is written down while it runs. */
function processOf(folder: string): string | null {
  try {
    return fs.readFileSync(traceOf(folder), 'utf8').split('\n')[0];
  } catch {
    return null;
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another account's
  }
}

const dataOf = (folder: string) => path.join(folder, 'data');
const traceOf = (folder: string) => path.join(folder, 'data', 'postmaster.pid');

/** What the server complained of at the end of its log. */
function lastFault(log: string, from: number): string | undefined {
  if (!fs.existsSync(log)) return undefined;
  const text = fs.readFileSync(log).subarray(from).toString('utf8');
  return [...text.matchAll(/(?:FATAL|PANIC): +(.*)/g)].at(-1)?.[1];
}
