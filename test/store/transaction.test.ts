import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyRows } from '../../store/copy/rows.ts';
import { storeError } from '../../store/known-error.ts';
import { openStore, type Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let store: Store;
beforeEach(async () => {
  database = await createDatabase();
  store = await openStore({ url: database.url, migrate: 'check' });
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

const SERIES = { slug: 'text', name: 'text' } as const;

it('stores nothing of a transaction that throws, and throws the same', async () => {
  const error = new Error('half-way');
  const work = inTransaction(store.pool, async (client) => {
    await copyRows(client, 'series', SERIES, [{ slug: 'vgg', name: 'VGG' }]);
    throw error;
  });
  await expect(work).rejects.toBe(error);
  expect(await store.prisma.series.count()).toBe(0);
});

describe('a full disk', () => {
  beforeEach(() =>
    store.pool.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'could not extend file "base/5/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON series FOR EACH ROW WHEN (NEW.slug = 'last') EXECUTE FUNCTION fill_disk()`),
  );

  it('is STORE_FULL with one clear sentence, and nothing is stored', async () => {
    const slugs = ['first', 'second', 'last'];
    const work = inTransaction(store.pool, (client) =>
      copyRows(
        client,
        'series',
        SERIES,
        slugs.map((slug) => ({ slug, name: slug })),
      ),
    );
    const message = 'The disk of the database is full, and nothing of this was written: free some space there, then do the same again.';
    await expect(work).rejects.toMatchObject({ name: 'DissectoryError', code: 'STORE_FULL', message });
    expect(await store.prisma.series.count()).toBe(0);
  });

  it('is known by what Prisma throws, too', async () => {
    const error: unknown = await store.prisma.series.create({ data: { slug: 'last', name: 'Last' } }).catch((reason) => reason);
    expect(storeError(error)).toMatchObject({ code: 'STORE_FULL' });
  });
});

describe('a lost connection', () => {
  const terminate = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()';

  it('is STORE_UNAVAILABLE, nothing is stored, and the pool goes on', async () => {
    const work = inTransaction(store.pool, (client) => {
      async function* rows() {
        for (let i = 0; ; i++) {
          if (i === 30_000) await store.pool.query(terminate);
          yield { slug: String(i), name: '' };
        }
      }
      return copyRows(client, 'series', SERIES, rows());
    });
    await expect(work).rejects.toMatchObject({ name: 'DissectoryError', code: 'STORE_UNAVAILABLE' });
    expect(await store.prisma.series.count()).toBe(0);
  });

  it('is known by what Prisma throws, too', async () => {
    const error: unknown = await store.prisma.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`.catch((reason) => reason);
    expect(storeError(error)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

it('leaves every other error as it is', () => {
  const error = new Error('defect');
  expect(storeError(error)).toBe(error);
  expect(storeError('thrown')).toBe('thrown');
});
