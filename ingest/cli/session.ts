import path from 'node:path';
import type { Command } from 'commander';
import { openStore, type Store } from '../../store/store.ts';
import { type Terminal, terminal } from './terminal.ts';

/** What every command that needs the store is given. */
export interface Session {
  store: Store;
  /** Of the embedded database and of work that is not complete. */
  home: string;
  terminal: Terminal;
}

export function terminalOf(command: Command): Terminal {
  return terminal(command.optsWithGlobals<{ json?: boolean }>().json === true);
}

export function dissectoryHome(): string {
  return path.resolve(process.env.DISSECTORY_HOME ?? '.dissectory');
}

/** Opens the store for a command, and closes it whatever happens. */
export async function withSession(command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const home = dissectoryHome();
  const store = await openStore({ home, migrate: 'apply' });
  try {
    await work({ store, home, terminal: terminalOf(command) });
  } finally {
    await store.close();
  }
}
