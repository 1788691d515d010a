import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DissectoryError } from '../core/errors.ts';
import { storeError } from './failure.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { schemaState } from './schema-state.ts';

/** The table and the advisory lock of Prisma Migrate itself, so that its commands and this one agree. */
const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const LOCK = 72707369;

/**
 * Brings the database to this code's schema, as `prisma migrate deploy` would, and gives the names of what it applied.
 *
 * Throws SCHEMA_MISMATCH where the database is not this code's to migrate (see `schemaState`), and where a migration fails: then
 * nothing of that migration is kept. Several processes may do it at once.
 */
export async function migrate(url: string, known: readonly Migration[] = readMigrations()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the query that meets it throws it too
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { pending, refusal } = await schemaState(client, known);
    if (refusal) throw refusal;
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

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
    const known = storeError(cause);
    if (known !== cause) throw known;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DissectoryError('SCHEMA_MISMATCH', `Migration ${name} could not be applied, the database is as it was: ${reason}.`, {
      cause,
    });
  }
}
