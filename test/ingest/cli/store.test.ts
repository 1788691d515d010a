import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../../database.ts';
import { ended, startWith } from './dissectory.ts';

const status = (env: Record<string, string>) => ended(startWith(env, ['status']));

async function query({ url }: TestDatabase, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a command on', () => {
  it('a database of an older schema brings it up to date', async () => {
    const database = await createEmptyDatabase();
    onTestFinished(() => database.drop());
    expect(await status({ DATABASE_URL: database.url })).toMatchObject({ code: 0, err: '' });
    const [{ pending }] = await query(database, 'SELECT count(*)::int AS pending FROM _prisma_migrations WHERE finished_at IS NULL');
    expect(pending).toBe(0);
    expect(await query(database, 'SELECT * FROM dissections')).toEqual([]);
  });

  it('a database of a newer schema leaves it alone and says so', async () => {
    const database = await createDatabase();
    onTestFinished(() => database.drop());
    await query(
      database,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('x', 'x', '29991231000000_flying_cars', now(), 1)`,
    );
    expect(await status({ DATABASE_URL: database.url })).toEqual({
      ...{ code: 1, out: '' },
      err: 'dissectory: The database was migrated by a newer Dissectory (29991231000000_flying_cars): update this one.\n',
    });
  });

  it('no server says which, without the password', async () => {
    const { code, out, err } = await status({ DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/mine' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^dissectory: The database server 127\.0\.0\.1:1\/mine cannot be used \(.+\): see that it runs, and that DATABASE_URL is right\.\n$/,
    );
    expect(err).not.toContain('secret');
  });

  it('a home that cannot be written says where', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-home-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(path.join(folder, 'file'), '');
    const home = path.join(folder, 'file', 'home');
    const { code, out, err } = await status({ DISSECTORY_HOME: home });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^dissectory: The embedded PostgreSQL cannot keep its data in .*\/file\/home \(.*\): set DISSECTORY_HOME to a folder of your own, or DATABASE_URL\.\n$/,
    );
  });
});
