import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../database.ts';

const open: TestDatabase[] = [];
afterEach(() => Promise.all(open.splice(0).map((database) => database.drop())));

it('gives every test a migrated database of its own', async () => {
  open.push(await createDatabase(), await createDatabase());
  const [first, second] = open.map(({ url }) => new pg.Pool({ connectionString: url, max: 1 }));
  await first.query("INSERT INTO series (slug, name) VALUES ('a', 'A')");
  expect((await first.query('SELECT slug FROM series')).rows).toEqual([{ slug: 'a' }]);
  expect((await second.query('SELECT slug FROM series')).rows).toEqual([]);
  await Promise.all([first.end(), second.end()]);
});
