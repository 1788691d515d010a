/** The command line as a process of its own, from the TypeScript sources. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDatabase } from '../../database.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const MAIN = path.join(ROOT, 'ingest/cli/main.ts');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Where commands work: a database and a home of their own. */
export interface Place {
  url: string;
  home: string;
  start(...args: string[]): ChildProcess;
  /** Runs one command to its end. */
  run(...args: string[]): Promise<Ended>;
  remove(): Promise<void>;
}

export async function newPlace(): Promise<Place> {
  const { url, drop } = await createDatabase();
  const home = await mkdtemp(path.join(tmpdir(), 'dissectory-home-'));
  const start = (...args: string[]) => startWith({ DATABASE_URL: url, DISSECTORY_HOME: home }, args);
  return {
    url,
    home,
    start,
    run: (...args) => ended(start(...args)),
    remove: async () => {
      await rm(home, { recursive: true, force: true });
      await drop();
    },
  };
}

/** Starts a command. */
export function startWith(env: Readonly<Record<string, string>>, args: readonly string[]): ChildProcess {
  const { DATABASE_URL: _, ...own } = process.env;
  return spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    cwd: ROOT,
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
