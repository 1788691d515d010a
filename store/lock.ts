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

/**
 * Of the transaction that holds the lock: a machine that vanishes without a word keeps its locks for half a minute, not
 * for two hours, and the server does not end a transaction that is idle while the work is done elsewhere.
 */
const SETTINGS =
  'SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3; ' +
  'SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL transaction_timeout = 0; SET LOCAL statement_timeout = 0';
/** Before PostgreSQL 17 there is no limit of a whole transaction. */
const EARLIER_SETTINGS = SETTINGS.replace(' SET LOCAL transaction_timeout = 0;', '');

/**
 * Runs `work` while no other process of this database runs work of the same name; where one does, says so and waits for
 * its turn. The lock is that of a transaction that stays open meanwhile, and goes with a process that dies. It is no
 * state of a session: poolers that give a connection to whoever has a transaction keep this one for as long as it
 * lasts.
 *
 * @param work is given a signal that says when the lock is no longer its own: the caller's signal, or the end of the
 * lock's connection
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
    for (let waited = false; !(await tryLock()); waited = true) {
      if (!waited) onWait();
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
    const result = await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
    await client.query('COMMIT');
    healthy = true;
    return result;
  } finally {
    client.off('error', loseLock).off('end', loseLock);
    client.release(!healthy); // a connection that may still hold the lock is closed, not reused
  }

  /** Whoever waits holds no transaction: a pooler can give its connection to others. */
  async function tryLock(): Promise<boolean> {
    await client.query('BEGIN');
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free', [name]);
    if (!rows[0].free) {
      await client.query('ROLLBACK');
      return false;
    }
    await client.query((await hasTransactionTimeout()) ? SETTINGS : EARLIER_SETTINGS);
    return true;
  }

  async function hasTransactionTimeout(): Promise<boolean> {
    const { rows } = await client.query<{ has: boolean }>("SELECT current_setting('transaction_timeout', true) IS NOT NULL AS has");
    return rows[0].has;
  }
}
