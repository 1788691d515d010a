/**
 * Who uses a cluster: machines and containers that share a folder cannot see each other's processes, but they see these
 * files.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DissectoryError } from '../../core/errors.ts';
import type { Account } from './account.ts';
import { readTrace, removeTrace } from './trace.ts';

/** A system whose processes see each other, and whose 127.0.0.1 is one. */
interface Owner {
  host: string;
  /** /etc/machine-id; empty where there is none. */
  machine: string;
  /** Changes with each start of the machine. */
  boot: string;
  /** Of processes and of the network; empty where the system has none. */
  namespaces: string;
}

const FOLDER = 'in-use';
/** The server's own sign of life: see keeper.ts. */
export const BEAT = 'beat';
const BEAT_EVERY_MS = 2000;
/** Signs of life come every second; without any for so long a server is dead. */
const STILL_FOR_MS = 12_000;

const fileOf = (folder: string, name: string) => path.join(folder, FOLDER, name);

/** What a cluster's folder says of who runs a server over it: this system or nobody, or a system that is gone. */
export type Standing = 'ours' | 'gone';

/**
 * Whether this system may run a server over the cluster's folder. Changes nothing.
 *
 * @throws STORE_UNAVAILABLE naming the host where another runs one, or may
 */
export async function standingOf(folder: string): Promise<Standing> {
  const owner = ownerOf(folder, claimsOf(folder).at(-1));
  if (owner === null || isSame(owner, here())) return 'ours';
  if (await showsLife(folder)) {
    throw inUse(folder, owner);
  }
  // A container that is gone, or this machine before it was started again
  if (owner.boot === here().boot || (owner.machine !== '' && owner.machine === here().machine && owner.host === here().host)) return 'gone';
  throw unavailable(
    `The database in ${folder} was not closed on ${nameOf(owner)}, and may still be in use there: if nothing runs there any more, ` +
      '`dissectory store repair` takes it over; for several machines set DATABASE_URL.',
  );
}

const inUse = (folder: string, owner: Owner) =>
  unavailable(
    `The database in ${folder} is in use on ${nameOf(owner)}: close it there, or set DATABASE_URL to one server for several machines.`,
  );

const unavailable = (message: string) => new DissectoryError('STORE_UNAVAILABLE', message);

const nameOf = ({ host }: Owner) => (host === here().host ? `${host}, in another container or namespace` : host);

/** Waits whether the folder's server shows a sign of life: true at the first. */
export async function showsLife(folder: string): Promise<boolean> {
  const before = signs(folder);
  for (const until = Date.now() + STILL_FOR_MS; Date.now() < until; await sleep(250)) {
    if (signs(folder) !== before) return true;
  }
  return false;
}

/**
 * Claims the cluster for this system, and removes what a system left that is gone: of several that try at once, one is
 * first.
 *
 * @returns the claim's name
 * @throws what `standingOf` throws, where another was faster too
 */
export async function claim(folder: string, account: Account | null): Promise<string> {
  const made = fs.mkdirSync(path.join(folder, FOLDER), { recursive: true, mode: 0o700 });
  if (made && account) fs.chownSync(made, account.uid, account.gid);
  for (;;) {
    const before = claimsOf(folder);
    const standing = await standingOf(folder);
    const name = nextAfter(before);
    if (!make(folder, name, account)) continue;
    if (standing === 'gone') {
      removeTrace(folder);
      dropClaims(folder, before);
    }
    return name;
  }
}

/**
 * Takes the cluster over whoever had it: where a person says so, and no sign of life is seen.
 *
 * @returns what was done, a sentence each
 * @throws STORE_UNAVAILABLE where it is in use
 */
export async function takeOver(folder: string, account: Account | null): Promise<string[]> {
  const before = claimsOf(folder);
  const owner = ownerOf(folder, before.at(-1));
  if (owner === null || isSame(owner, here())) return [];
  if (await showsLife(folder)) throw inUse(folder, owner);
  if (!make(folder, nextAfter(before), account)) return [];
  removeTrace(folder);
  dropClaims(folder, claimsOf(folder));
  return [`Took the database over from ${nameOf(owner)}, which had not closed it.`];
}

const nextAfter = (claims: readonly string[]) => String(Number(claims.at(-1) ?? 0) + 1).padStart(9, '0');

/** False where another made it. */
function make(folder: string, name: string, account: Account | null): boolean {
  try {
    fs.writeFileSync(fileOf(folder, name), JSON.stringify(here()), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  if (account) fs.chownSync(fileOf(folder, name), account.uid, account.gid);
  return true;
}

/** Tells other systems that the folder is in use, until `stop` is called: a full disk does not keep it from that. */
export function beat(folder: string): { stop(): void } {
  const timer = setInterval(() => {
    const now = new Date();
    const top = claimsOf(folder).at(-1);
    if (top) fs.utimes(fileOf(folder, top), now, now, () => {});
  }, BEAT_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Oldest first. */
export function claimsOf(folder: string): string[] {
  try {
    return fs
      .readdirSync(path.join(folder, FOLDER))
      .filter((name) => /^\d{9}$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** To be called with the claims that stood before the server was stopped: a later one is that of its successor. */
export function dropClaims(folder: string, claims: readonly string[]): void {
  for (const name of claims) fs.rmSync(fileOf(folder, name), { force: true });
}

/** Who made the claim; null where there is none. */
function ownerOf(folder: string, claimed: string | undefined): Owner | null {
  if (claimed === undefined) return null;
  try {
    return JSON.parse(fs.readFileSync(fileOf(folder, claimed), 'utf8')) as Owner;
  } catch {
    // Just being written, withdrawn, or cut off on a full disk: nobody can tell whose it is
    return readTrace(folder) ? { host: 'another machine', machine: '', boot: '', namespaces: '' } : null;
  }
}

/** Read through a new descriptor: a network file system asks its server only then. */
function signs(folder: string): string {
  return [BEAT, claimsOf(folder).at(-1) ?? '']
    .map((name) => {
      try {
        const file = fs.openSync(fileOf(folder, name), 'r');
        try {
          return `${name} ${fs.fstatSync(file).mtimeMs} ${fs.readFileSync(file, 'utf8')}`;
        } finally {
          fs.closeSync(file);
        }
      } catch {
        return name;
      }
    })
    .join('\n');
}

const isSame = (one: Owner, other: Owner) => one.boot === other.boot && one.namespaces === other.namespaces;

let known: Owner | null = null;

function here(): Owner {
  known ??= {
    host: os.hostname(),
    machine: read('/etc/machine-id'),
    boot: read('/proc/sys/kernel/random/boot_id') || macBoot() || os.hostname(),
    namespaces: ['pid', 'net'].map((kind) => link(`/proc/self/ns/${kind}`)).join(' '),
  };
  return known;
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

function macBoot(): string {
  if (process.platform !== 'darwin') return '';
  try {
    return execFileSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
