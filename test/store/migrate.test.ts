import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../store/migrate.ts';
import { type Migration, readMigrations } from '../../store/migrations.ts';
import { schemaState } from '../../store/schema-state.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const known = readMigrations();
const added = (name: string, sql: string): Migration => ({ name, sql, checksum: `checksum of ${name}` });
const next = added('29990101000000_next', 'ALTER TABLE series ADD COLUMN note TEXT');

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createEmptyDatabase();
  pool = new pg.Pool({ connectionString: database.url });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const state = async (migrations = known) => {
  const { pending, refusal } = await schemaState(pool, migrations);
  return { pending: pending.map(({ name }) => name), refusal: refusal?.message ?? null };
};
const names = (migrations: readonly Migration[]) => migrations.map(({ name }) => name);

it('brings an empty database to the schema, once', async () => {
  expect(await state()).toEqual({ pending: names(known), refusal: null });
  expect(await migrate(database.url)).toEqual(names(known));
  expect(await migrate(database.url)).toEqual([]);
  expect(await state()).toEqual({ pending: [], refusal: null });
});

it('may be run by several processes at once', async () => {
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url)));
  expect(applied.flat()).toEqual(names(known));
});

describe('Prisma itself', () => {
  const prisma = async (...args: string[]) => {
    const env = { ...process.env, DATABASE_URL: database.url };
    return (await promisify(execFile)('npx', ['prisma', ...args], { cwd: ROOT, env })).stdout;
  };

  it('finds the database up to date, and equal to schema.prisma', async () => {
    await migrate(database.url);
    expect(await prisma('migrate', 'status')).toContain('Database schema is up to date!');
    const diff = ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--script'];
    expect(await prisma(...diff)).toContain('This is an empty migration');
  });

  it('leaves a history that is taken for our own', async () => {
    await prisma('migrate', 'deploy');
    expect(await state()).toEqual({ pending: [], refusal: null });
  });
});

it('brings an older database up to date', async () => {
  await migrate(database.url);
  expect(await state([...known, next])).toEqual({ pending: [next.name], refusal: null });
  expect(await migrate(database.url, [...known, next])).toEqual([next.name]);
  await pool.query('SELECT note FROM series');
});

it('refuses a newer database', async () => {
  await migrate(database.url, [...known, next]);
  const message = 'The database was migrated by a newer Dissectory (29990101000000_next): update this one.';
  expect(await state()).toEqual({ pending: [], refusal: message });
  await expect(migrate(database.url)).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH', message });
});

it("refuses somebody else's tables and leaves them alone", async () => {
  await pool.query('CREATE TABLE recipes (name TEXT)');
  await expect(migrate(database.url)).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    message: expect.stringContaining('empty database'),
  });
  const { rows } = await pool.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace");
  expect(rows).toEqual([{ relname: 'recipes' }]);
});

it("refuses somebody else's history", async () => {
  await migrate(database.url, [added('20200101000000_recipes', 'CREATE TABLE recipes (name TEXT)')]);
  await expect(migrate(database.url)).rejects.toThrow('The database holds tables that Dissectory did not make');
});

it('refuses a migration that is not the one it knows by that name', async () => {
  await migrate(database.url, [{ ...known[0], checksum: 'another' }]);
  await expect(migrate(database.url)).rejects.toThrow(`Migration ${known[0].name} of the database is not the one of this Dissectory`);
});

it('refuses a migration that Prisma left unfinished', async () => {
  await migrate(database.url);
  await pool.query('UPDATE _prisma_migrations SET finished_at = NULL');
  await expect(migrate(database.url)).rejects.toThrow(`Migration ${known[0].name} of the database failed half-way`);
});

it('keeps nothing of a migration that fails, and can go on from there', async () => {
  await migrate(database.url);
  const broken = added(next.name, `${next.sql}; SELECT 1 / 0;`);
  await expect(migrate(database.url, [...known, broken])).rejects.toMatchObject({
    code: 'SCHEMA_MISMATCH',
    message: 'Migration 29990101000000_next could not be applied, the database is as it was: division by zero.',
  });
  expect(await migrate(database.url, [...known, next])).toEqual([next.name]);
});

it('reads the migrations of a folder, oldest first, with their sha256', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-migrations-'));
  for (const name of ['20260102_b', '20260101_a']) {
    fs.mkdirSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, name, 'migration.sql'), 'SELECT 1;');
  }
  fs.writeFileSync(path.join(folder, 'migration_lock.toml'), '');
  const checksum = '17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a';
  expect(readMigrations(folder)).toEqual([
    { name: '20260101_a', sql: 'SELECT 1;', checksum },
    { name: '20260102_b', sql: 'SELECT 1;', checksum },
  ]);
  fs.rmSync(folder, { recursive: true });
});
