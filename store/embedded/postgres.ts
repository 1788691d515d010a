import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beat, claim, claimsOf, dropClaims } from './claim.ts';
import type { Cluster } from './cluster.ts';
import { choosePort } from './port.ts';
import { programEnvironment, programOf, serverError, spawnReason } from './program.ts';
import { isAlive, readTrace } from './trace.ts';

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'log_checkpoints=off'];

/** Less than what a large sort of several processes takes. */
const SMALL_SHM = 2 ** 28;

/** Containers have 64 MB of /dev/shm unless told otherwise, and some none: files of the cluster serve instead. */
function sharedMemory(): string[] {
  if (process.platform !== 'linux') return [];
  try {
    const { bsize, bavail } = fs.statfsSync('/dev/shm');
    return bsize * bavail >= SMALL_SHM ? [] : ['dynamic_shared_memory_type=mmap'];
  } catch {
    return ['dynamic_shared_memory_type=mmap'];
  }
}

/**
 * Starts the server and waits until it answers. It is started without pg_ctl, which gives paths to a shell, in a
 * session of its own.
 *
 * @throws STORE_UNAVAILABLE, STORE_FULL where it cannot start, where it runs already too, and where another machine
 * runs one
 */
export async function startPostgres(cluster: Cluster): Promise<void> {
  const { folder, account, binaries } = cluster;
  const claimed = await claim(folder, account);
  const beating = beat(folder);
  try {
    const log = openLog(cluster);
    const logged = fs.fstatSync(log).size;
    const settings = [...SETTINGS, ...sharedMemory()].flatMap((setting) => ['-c', setting]);
    const args = ['-D', 'data', '-p', String(await choosePort(folder)), ...settings];
    const child = spawn(programOf(binaries, 'postgres'), args, {
      ...account,
      cwd: folder,
      env: programEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    let ended: string | null = null;
    child.once('error', (error) => {
      ended = spawnReason(error, binaries);
    });
    child.once('exit', (code, signal) => {
      ended ??= fs.readFileSync(path.join(folder, 'log')).subarray(logged).toString('utf8') || `it ended with ${signal ?? code}`;
    });
    child.unref();
    fs.closeSync(log);
    while (ended === null && !isReady(folder, child.pid)) await sleep(20);
    child.removeAllListeners();
    if (ended !== null) throw serverError(ended, folder);
  } catch (error) {
    if (readTrace(folder) === null) dropClaims(folder, [claimed]);
    throw error;
  } finally {
    beating.stop();
  }
}

function isReady(folder: string, pid: number | undefined): boolean {
  const trace = readTrace(folder);
  return trace !== null && trace.pid === pid && trace.isReady;
}

/** The server's account writes it. */
function openLog({ folder, account }: Cluster): number {
  const file = path.join(folder, 'log');
  const log = fs.openSync(file, 'a', 0o600);
  if (account) fs.fchownSync(log, account.uid, account.gid);
  return log;
}

const STOPS_WITHIN_MS = 60_000;

/**
 * Stops the server, whoever is still connected, and waits until it is gone. A newcomer may have started another one by
 * then.
 */
export async function stopServer({ folder }: Cluster): Promise<void> {
  const claims = claimsOf(folder);
  const trace = readTrace(folder);
  if (trace !== null && isAlive(trace.pid)) {
    process.kill(trace.pid, 'SIGINT'); // fast shutdown
    const until = Date.now() + STOPS_WITHIN_MS;
    while (readTrace(folder)?.pid === trace.pid && isAlive(trace.pid) && Date.now() < until) await sleep(20);
  }
  dropClaims(folder, claims);
}
