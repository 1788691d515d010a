import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { escapeIdentifier, type Pool, type PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { DissectoryError } from '../../core/errors.ts';
import type { Job } from '../../prisma/generated/client.ts';
import { migrate } from '../migrate.ts';
import { readMigrations } from '../migrations.ts';
import { openPool } from '../pool.ts';
import { deliver } from '../queue/enqueue.ts';
import { openQueue } from '../queue/open.ts';
import type { JobRequest } from '../queue/payload.ts';
import { type Schedule, setSchedule } from '../queue/schedule.ts';
import { schemaState } from '../schema-state.ts';
import { openServer, openStore, type StoreOptions } from '../store.ts';
import { inTransaction } from '../transaction.ts';
import { type DumpReader, openDump } from './file.ts';
import { tablesOf } from './tables.ts';

/**
 * Takes a dump into an empty store: all of it, or nothing. Open jobs go into the queue again, schedules are set.
 *
 * @returns how many tables were restored
 * @throws BAD_INPUT where the file is no whole dump; SCHEMA_MISMATCH where a newer Dissectory wrote it; CONFLICT where
 * the store is not empty
 */
export async function restoreDump(
  file: string,
  where: Pick<StoreOptions, 'url' | 'home'>,
  onTable: (name: string) => void = () => {},
): Promise<number> {
  const dump = await openDump(file);
  try {
    const migrations = knownMigrations(dump, file);
    const server = await openServer(where);
    try {
      const pool = await openPool(server.url);
      try {
        await requireEmpty(pool);
        await migrate(server.url, migrations);
        const { tables, schedules } = await inTransaction(pool, (client) => takeIn(client, dump, onTable));
        await deliverAgain({ ...where, url: where.url ?? server.url }, schedules);
        return tables;
      } finally {
        await pool.end();
      }
    } finally {
      await server.close();
    }
  } finally {
    dump.close();
  }
}

/** The dump's migrations. The database is brought as far as the dumped one was, and on when it is next opened. */
function knownMigrations({ header }: DumpReader, file: string) {
  const known = readMigrations();
  const unknown = header.migrations.find((name) => !known.some((one) => one.name === name));
  if (unknown === undefined) return known.filter(({ name }) => header.migrations.includes(name));
  throw new DissectoryError(
    'SCHEMA_MISMATCH',
    `${file} was written by a newer Dissectory (${header.dissectory}, ${unknown}): update this one.`,
  );
}

/** Tables without a row are removed: they may be of a later schema than the dump's. */
async function requireEmpty(pool: Pool): Promise<void> {
  const { refusal } = await schemaState(pool);
  if (refusal) throw refusal;
  await inTransaction(pool, async (client) => {
    const tables = await tablesOf(client);
    for (const { name } of tables.filter(({ name }) => FILLED_BY_USERS.includes(name))) {
      const { rows } = await client.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${escapeIdentifier(name)}) AS filled`);
      if (!rows[0].filled) continue;
      throw new DissectoryError(
        'CONFLICT',
        `The store is not empty (${name}), and nothing was restored: set DISSECTORY_HOME to a new folder, or DATABASE_URL to an empty database.`,
      );
    }
    if (tables.length > 0) await client.query(REMOVE_OWN);
  });
}

const FILLED_BY_USERS = ['datasets', 'models', 'series', 'jobs', 'uploads', 'images'];

/** All tables, types and functions of the schema but those of extensions; the queue's schema makes itself again. */
const REMOVE_OWN = `DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT format('DROP TABLE %s CASCADE', c.oid::regclass) AS statement FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  LOOP EXECUTE one.statement; END LOOP;
  FOR one IN SELECT format('DROP TYPE %s CASCADE', t.oid::regtype) AS statement FROM pg_type t
    WHERE t.typnamespace = current_schema()::regnamespace AND t.typtype = 'e'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  LOOP EXECUTE one.statement; END LOOP;
  FOR one IN SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) AS statement FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP EXECUTE one.statement; END LOOP;
END $$`;

async function takeIn(client: PoolClient, dump: DumpReader, onTable: (name: string) => void) {
  const own = await tablesOf(client);
  // Migrations may have put rows there that the dump has, too
  await client.query(`TRUNCATE ${own.map(({ name }) => escapeIdentifier(name)).join(', ')} CASCADE`);
  let tables = 0;
  let schedules: Schedule[] = [];
  for (;;) {
    const part = await dump.part();
    if ('end' in part) return { tables, schedules };
    if ('schedules' in part) schedules = part.schedules.map((one) => ({ ...one, request: one.request as JobRequest }));
    if ('sequences' in part) {
      for (const [name, last] of Object.entries(part.sequences))
        await client.query('SELECT setval($1::regclass, $2)', [escapeIdentifier(name), last]);
    }
    if ('table' in part) {
      onTable(part.table);
      const table = escapeIdentifier(part.table);
      // Triggers tell of changes, which nobody is to hear of; references are checked
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
      await pipeline(dump.rows(), client.query(from(`COPY ${table} (${part.columns.map(escapeIdentifier).join(', ')}) FROM STDIN`))).catch(
        (cause) => {
          throw /^2[23]/.test(cause.code ?? '') ? dump.damaged(cause) : cause;
        },
      );
      await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
      tables += 1;
    }
  }
}

/** What waited or ran goes into the queue again; steps of divided work are made anew by the job that asked for them. */
async function deliverAgain(where: Pick<StoreOptions, 'url' | 'home'>, schedules: readonly Schedule[]): Promise<void> {
  const store = await openStore({ ...where, migrate: 'apply' });
  const queue = await openQueue(store, 'client');
  try {
    for (const schedule of schedules) await setSchedule(queue, schedule);
    await inTransaction(store.pool, async (client) => {
      await client.query(`DELETE FROM jobs WHERE parent_id IS NOT NULL`);
      const { rows } = await client.query<Pick<Job, 'id' | 'kind' | 'payload' | 'priority'>>(
        `UPDATE jobs SET state = 'WAITING', worker = NULL WHERE state IN ('WAITING', 'RUNNING') RETURNING id, kind, payload, priority`,
      );
      for (const job of rows) {
        const delivery = randomUUID();
        await client.query('UPDATE jobs SET delivery = $2 WHERE id = $1', [job.id, delivery]);
        await deliver(queue, client, { ...job, delivery });
      }
    });
  } finally {
    await queue.close();
    await store.close();
  }
}
