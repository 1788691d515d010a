import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DissectoryError } from '../core/errors.ts';
import { knownError } from './known-error.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { schemaState } from './schema-state.ts';

/** The table and the advisory lock of Prisma Migrate itself, so that its commands and this one agree. */
const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const LOCK = 72707369;

/**
 * Another process may be at a long migration; a lock that stands so long is that of a session that a pooler keeps for
 * nobody.
 */
const TAKE_LOCK = `BEGIN; SET LOCAL lock_timeout = '120s'; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(${LOCK})`;

/**
 * Brings the database to this code's schema, as `prisma migrate deploy` would, and gives the names of what it applied.
 *
 * Throws SCHEMA_MISMATCH where the database is not this code's to migrate (see `schemaState`), and where a migration
 * fails: then nothing of that migration is kept. Several processes may do it at once: the lock is that of a transaction
 * of its own, no state of a session.
 */
export async function migrate(url: string, known: readonly Migration[] = readMigrations()): Promise<string[]> {
  const [holder, client] = [1, 2].map(() => new pg.Client({ connectionString: url }));
  for (const one of [holder, client]) one.on('error', () => {}); // the query that meets it throws it too
  try {
    await holder.connect();
    await client.connect();
    await holder.query(TAKE_LOCK);
    const { pending, refusal } = await schemaState(client, known);
    if (refusal) throw refusal;
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } catch (error) {
    throw isLockTimeout(error) ? locked(error) : error;
  } finally {
    await Promise.all([holder.end(), client.end()]);
  }
}

const isLockTimeout = (error: unknown) => error instanceof Error && 'code' in error && error.code === '55P03';

const locked = (cause: unknown) =>
  new DissectoryError(
    'STORE_UNAVAILABLE',
    'Somebody has held the lock of migrations on this database for two minutes: wait for what migrates it, or end the session that ' +
      "`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707369` names (a pooler may keep it for a process that is gone).",
    { cause },
  );

/** In one transaction with its record: a process killed half-way leaves a database that the next one can migrate. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(HISTORY);
    await client.query(sql);
    const values = [randomUUID(), checksum, name];
    const columns = '(id, checksum, migration_name, finished_at, applied_steps_count)';
    await client.query(`INSERT INTO _prisma_migrations ${columns} VALUES ($1, $2, $3, clock_timestamp(), 1)`, values);
    await client.query('COMMIT');
  } catch (cause) {
    const known = knownError(cause);
    if (known) throw known;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DissectoryError('SCHEMA_MISMATCH', `Migration ${name} could not be applied, the database is as it was: ${reason}.`, {
      cause,
    });
  }
}
