import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What a running server writes down in its data folder (postmaster.pid), and a crashed one leaves there. */
export interface Trace {
  pid: number;
  /** Where it believed its data to be: another path in a copy, and where the folder is mounted elsewhere. */
  data: string;
  port: number | null;
  /** Whether it takes connections. */
  isReady: boolean;
  ageMs: number;
}

export const dataOf = (folder: string): string => path.join(folder, 'data');
const fileOf = (folder: string): string => path.join(dataOf(folder), 'postmaster.pid');

/** Null where no server runs and none crashed. */
export function readTrace(folder: string): Trace | null {
  try {
    const lines = fs.readFileSync(fileOf(folder), 'utf8').split('\n');
    const { mtimeMs } = fs.statSync(fileOf(folder));
    return {
      pid: Number(lines[0]),
      data: lines[1] ?? '',
      port: Number(lines[3]) || null,
      isReady: lines[7]?.trim() === 'ready',
      ageMs: Date.now() - mtimeMs,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** To be called only where it is certain that no server runs over this folder, here or on another machine. */
export function removeTrace(folder: string): void {
  fs.rmSync(fileOf(folder), { force: true });
}

/**
 * Whether the process of the trace is the server of this folder: it works in its data folder; where the system does not
 * tell, it is PostgreSQL's.
 */
export function runsHere({ pid }: Trace, folder: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    const [works, data] = [`/proc/${pid}/cwd/`, dataOf(folder)].map((one) => fs.statSync(one));
    return works.ino === data.ino && works.dev === data.dev;
  } catch {
    return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.includes('postgres') ?? true;
  }
}

export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
