import type { ClientBase, Pool } from 'pg';
import { DissectoryError } from '../core/errors.ts';
import { type Migration, readMigrations } from './migrations.ts';

/** How a database stands to this code. Fit for use when nothing is pending and nothing is refused. */
export interface SchemaState {
  /** Migrations that the database has not had yet, oldest first. */
  pending: readonly Migration[];
  /** SCHEMA_MISMATCH saying why this code must leave the database alone; null where it need not. */
  refusal: DissectoryError | null;
}

interface Applied {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

/** Compares the database's own record of its migrations with those of this code. Changes nothing. */
export async function schemaState(database: Pool | ClientBase, known: readonly Migration[] = readMigrations()): Promise<SchemaState> {
  const applied = await appliedMigrations(database);
  const names = new Set(applied.map((row) => row.migration_name));
  const message = applied.length > 0 ? faultOf(applied, known) : (await isEmpty(database)) ? null : FOREIGN;
  return {
    pending: known.filter(({ name }) => !names.has(name)),
    refusal: message === null ? null : new DissectoryError('SCHEMA_MISMATCH', message),
  };
}

const FOREIGN =
  'The database holds tables that Dissectory did not make, and they are left alone: create an empty database and set DATABASE_URL to that.';

function faultOf(applied: readonly Applied[], known: readonly Migration[]): string | null {
  const checksums = new Map(known.map(({ name, checksum }) => [name, checksum]));
  const unknown = applied.filter((row) => !checksums.has(row.migration_name));
  if (unknown.length === applied.length) return FOREIGN;
  if (unknown.length > 0) {
    return `The database was migrated by a newer Dissectory (${unknown[0].migration_name}): update this one.`;
  }
  const unfinished = applied.find((row) => row.finished_at === null);
  if (unfinished) {
    return `Migration ${unfinished.migration_name} of the database failed half-way: see to it, then tell Prisma by \`npx prisma migrate resolve\`.`;
  }
  const changed = applied.find((row) => row.checksum !== checksums.get(row.migration_name));
  if (changed) {
    return `Migration ${changed.migration_name} of the database is not the one of this Dissectory: use the version that made it, or a new database.`;
  }
  return null;
}

async function appliedMigrations(database: Pool | ClientBase): Promise<Applied[]> {
  const { rows } = await database.query<{ exists: boolean }>("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists");
  if (!rows[0].exists) return [];
  const select = 'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at';
  return (await database.query<Applied>(select)).rows;
}

/** No tables, views or sequences but those of extensions: Prisma's own check before a first migration (P3005). */
async function isEmpty(database: Pool | ClientBase): Promise<boolean> {
  const { rows } = await database.query<{ empty: boolean }>(`SELECT NOT EXISTS (
    SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname <> '_prisma_migrations'
      AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ) AS empty`);
  return rows[0].empty;
}
