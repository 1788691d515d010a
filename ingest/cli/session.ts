import type { Command } from 'commander';
import { dissectoryHome } from '../../store/home.ts';
import { openStore, type Store } from '../../store/store.ts';
import { type Terminal, terminal } from './terminal.ts';
import { wayOut } from './way-out.ts';

/** What every command that needs the store is given. */
export interface Session {
  store: Store;
  /** Of the embedded database and of work that is not complete. */
  home: string;
  terminal: Terminal;
  /** From now on the command itself hears signals, and ends when it is told to. */
  hearSignals(): void;
}

export function terminalOf(command: Command): Terminal {
  return terminal(command.optsWithGlobals<{ json?: boolean }>().json === true);
}

/**
 * Opens the store for a command, and closes it whatever happens: signals too, unless the command hears them itself
 * (`handOver`).
 */
export async function withSession(command: Command, work: (session: Session) => Promise<void>): Promise<void> {
  const home = dissectoryHome();
  const opening = openStore({ home, migrate: 'apply' });
  const way = wayOut(async () => (await opening).abandon());
  const store = await opening;
  const terminal = terminalOf(command);
  for (const note of store.notes) terminal.note(note);
  try {
    await work({ store, home, terminal, hearSignals: way.handOver });
  } finally {
    await store.close();
    way.done();
  }
}
