import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { schemaState } from '../../store/schema-state.ts';
import { openStore } from '../../store/store.ts';
import { databaseUrl } from '../../store/url.ts';
import { createDatabase, createEmptyDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});

describe('which server', () => {
  it('is that of DATABASE_URL where it is set', async () => {
    vi.stubEnv('DATABASE_URL', database.url);
    const store = await openStore({ migrate: 'check' });
    expect(store.url).toBe(databaseUrl(database.url));
    const [used, asked] = [new URL(store.url), new URL(database.url)];
    expect([used.host, used.username, used.password, used.pathname]).toEqual([asked.host, asked.username, asked.password, asked.pathname]);
    await store.close();
  });

  it('is else the embedded one of DISSECTORY_HOME, which close stops', async () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-home-'));
    fs.chmodSync(home, 0o755); // run by root, PostgreSQL has an account of its own
    vi.stubEnv('DATABASE_URL', undefined);
    vi.stubEnv('DISSECTORY_HOME', home);
    const store = await openStore({ migrate: 'apply' });
    expect(await store.prisma.dataset.count()).toBe(0);
    await store.close();
    expect(fs.existsSync(path.join(home, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
    fs.rmSync(home, { recursive: true });
  });
});

it('gives queries and COPY the same connections', async () => {
  const store = await openStore({ url: database.url, migrate: 'check' });
  await store.pool.query("INSERT INTO series (slug, name) VALUES ('vgg', 'VGG')");
  expect(await store.prisma.series.findMany({ select: { slug: true } })).toEqual([{ slug: 'vgg' }]);
  expect(store.pool.totalCount).toBe(1);
  await store.close();
});

it('tells every statement, by whichever way it goes', async () => {
  const statements: string[] = [];
  const store = await openStore({ url: database.url, migrate: 'check', onQuery: (sql) => statements.push(sql) });
  statements.length = 0;
  await store.prisma.series.count();
  await store.prisma.$transaction((transaction) => transaction.series.deleteMany());
  await store.pool.query({ text: 'SELECT 2' });
  expect(statements).toEqual([
    expect.stringContaining('SELECT COUNT(*)'),
    'BEGIN',
    expect.stringContaining('DELETE FROM "public"."series"'),
    'COMMIT',
    'SELECT 2',
  ]);
  await store.close();
});

describe('a database without tables', () => {
  let empty: TestDatabase;
  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });
  afterEach(() => empty.drop());

  it('is migrated where that is asked for', async () => {
    const store = await openStore({ url: empty.url, migrate: 'apply' });
    expect(await store.prisma.model.count()).toBe(0);
    await store.close();
  });

  it('is else left as it is, with its migrations pending', async () => {
    const store = await openStore({ url: empty.url, migrate: 'check' });
    expect((await schemaState(store.pool)).pending).not.toEqual([]);
    await store.close();
  });

  it('of somebody else is refused either way', async () => {
    const theirs = await openStore({ url: empty.url, migrate: 'check' });
    await theirs.pool.query('CREATE TABLE recipes (name TEXT)');
    await theirs.close();
    await expect(openStore({ url: empty.url, migrate: 'apply' })).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
    await expect(openStore({ url: empty.url, migrate: 'check' })).rejects.toMatchObject({ code: 'SCHEMA_MISMATCH' });
  });
});

describe('a server that cannot be used is STORE_UNAVAILABLE and keeps the password to itself:', () => {
  const withParts = (parts: Partial<URL>) => Object.assign(new URL(database.url), parts).href;

  it.each([
    ['nobody listens', () => 'postgresql://app:s3cret@127.0.0.1:9/db', '127.0.0.1:9/db cannot be used (connect ECONNREFUSED 127.0.0.1:9)'],
    ['no such host', () => 'postgresql://app:s3cret@nowhere.invalid/db', 'nowhere.invalid/db cannot be used'],
    ['a wrong password', () => withParts({ password: 's3cret' }), 'password authentication failed'],
    ['no such database', () => withParts({ pathname: '/nothing' }), 'database "nothing" does not exist'],
    ['a slash in the password', () => 'postgresql://app:12/s3cret@127.0.0.1/db', 'DATABASE_URL is no URL'],
    ['a hash in the password', () => 'postgresql://app:12#s3cret@127.0.0.1/db', 'DATABASE_URL is no URL'],
    ['a percent sign in the password', () => 'postgresql://app:%s3cret@127.0.0.1/db', '127.0.0.1/db cannot be used'],
    ['another protocol', () => 'mysql://app:s3cret@127.0.0.1/db', 'DATABASE_URL is no URL'],
    ['no URL at all', () => 's3cret', 'DATABASE_URL is no URL'],
  ])('%s', async (_, url, sentence) => {
    const error: unknown = await openStore({ url: url(), migrate: 'check' }).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'DissectoryError', code: 'STORE_UNAVAILABLE', message: expect.stringContaining(sentence) });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('s3cret');
  });
});
