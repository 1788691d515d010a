import { setTimeout as sleep } from 'node:timers/promises';
import { DissectoryError } from '../core/errors.ts';
import type { Store } from './store.ts';

export interface LockRequest {
  name: string;
  /** Told once where another process has the lock. */
  onWait(): void;
  /** Ends the waiting, and is passed on to the work. */
  signal?: AbortSignal;
}

const LOOK_EVERY_MS = 250;

/** Of the session that holds the lock: a machine that vanishes without a word keeps its locks for half a minute, not for two hours. */
const KEEP_ALIVE = 'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';

/**
 * Runs `work` while no other process of this database runs work of the same name; where one does, says so and waits for its turn.
 * The lock is the database session's: it goes with a process that dies.
 *
 * @param work is given a signal that says when the lock is no longer its own: the caller's signal, or the database session's end
 * @throws what the work throws, the signal's reason
 */
export async function withLock<T>(store: Store, request: LockRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { name, onWait, signal } = request;
  const client = await store.pool.connect();
  const lost = new AbortController();
  const loseLock = () =>
    lost.abort(
      new DissectoryError('STORE_UNAVAILABLE', 'The connection to the database was lost, and with it the right to go on with this.'),
    );
  client.on('error', loseLock).on('end', loseLock);
  let healthy = false;
  try {
    await client.query(KEEP_ALIVE);
    for (let waited = false; !(await tryLock()); waited = true) {
      if (!waited) onWait();
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
    const result = await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    healthy = true;
    return result;
  } finally {
    client.off('error', loseLock).off('end', loseLock);
    client.release(!healthy); // a session that may still hold the lock is closed, not reused
  }

  async function tryLock(): Promise<boolean> {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free', [name]);
    return rows[0].free;
  }
}
