import type pg from 'pg';
import { storeError } from './known-error.ts';

/**
 * Does the work in one transaction: all of it is stored, or nothing.
 *
 * Throws what the work throws; STORE_FULL and STORE_UNAVAILABLE where the database could not keep up with it.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error) => {
    throw storeError(error);
  });
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw storeError(error);
  } finally {
    client.release(broken);
  }
}
