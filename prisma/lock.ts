import type { Store } from './store.ts';

/**
 * Runs `work` while no other process of this database runs work of the same name; where one does, says so and waits for its turn.
 * The lock is the database session's: it goes with a process that dies.
 */
export async function withLock<T>(store: Store, name: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const client = await store.pool.connect();
  let healthy = false;
  try {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free', [name]);
    if (!rows[0].free) {
      onWait();
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    }
    const result = await work();
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    healthy = true;
    return result;
  } finally {
    client.release(!healthy); // a session that may still hold the lock is closed, not reused
  }
}
