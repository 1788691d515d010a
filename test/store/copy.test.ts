import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { copyRows } from '../../store/copy/rows.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

const COLUMNS = {
  int4: 'int4',
  int8: 'int8',
  float8: 'float8',
  bool: 'bool',
  text: 'text',
  basis: 'text',
  bytea: 'bytea',
  texts: 'text[]',
} as const;
const EMPTY = { int4: null, int8: null, float8: null, bool: null, text: null, basis: null, bytea: null, texts: null };

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE TABLE everything (row serial, int4 int4 CHECK (int4 <> 13), int8 int8, float8 float8, bool bool,
    text text, basis "Basis", bytea bytea, texts text[])`);
});
beforeEach(() => client.query('TRUNCATE everything RESTART IDENTITY'));
afterAll(async () => {
  await client.end();
  await database.drop();
});

const read = async () => (await client.query('SELECT * FROM everything ORDER BY row')).rows.map(({ row: _, ...rest }) => rest);
const count = async () => (await client.query('SELECT count(*)::int FROM everything')).rows[0].count;

it('brings back every type as it was written', async () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  const row = fc.record(
    {
      int4: fc.option(fc.integer()),
      int8: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
      float8: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      bool: fc.option(fc.boolean()),
      text: fc.option(text),
      basis: fc.option(fc.constantFrom('IDENTITY', 'ROTATION')),
      bytea: fc.option(fc.uint8Array()),
      texts: fc.option(fc.array(text)),
    },
    { noNullPrototype: true },
  );
  const rows = fc.sample(
    row.filter(({ int4 }) => int4 !== 13),
    300,
  );
  await copyRows(client, 'everything', COLUMNS, rows);
  const expected = rows.map((value) => ({
    ...value,
    int8: value.int8?.toString() ?? null,
    bytea: value.bytea && Buffer.from(value.bytea),
  }));
  expect(await read()).toEqual(expected);
});

it('takes integers above 2^53 as bigint, and safe ones as numbers', async () => {
  const int8 = [2n ** 53n + 1n, Number.MAX_SAFE_INTEGER, -1];
  await copyRows(
    client,
    'everything',
    { int8: 'int8' },
    int8.map((value) => ({ int8: value })),
  );
  expect((await read()).map((row) => row.int8)).toEqual(['9007199254740993', '9007199254740991', '-1']);
});

it('writes rows and values larger than its buffer', async () => {
  const bytea = new Uint8Array(1_000_000).fill(7);
  await copyRows(client, 'everything', { bytea: 'bytea', int4: 'int4' }, [
    { bytea, int4: 1 },
    { bytea: bytea.subarray(0, 5), int4: 2 },
  ]);
  expect((await read()).map((row) => [row.bytea.length, row.int4])).toEqual([
    [1_000_000, 1],
    [5, 2],
  ]);
});

it.each([
  [{ float8: Number.NaN }, 'Column float8 cannot hold a value: NaN is not finite.'],
  [{ float8: Number.POSITIVE_INFINITY }, 'Column float8 cannot hold a value: Infinity is not finite.'],
  [{ int4: 1.5 }, 'Column int4 cannot hold a value: 1.5 is no integer.'],
  [{ int4: 2 ** 31 }, /Column int4 cannot hold a value: .*out of range/],
  [{ int8: 2 ** 53 }, 'Column int8 cannot hold a value: 9007199254740992 is no safe integer.'],
])('refuses %o', async (value, message) => {
  await expect(copyRows(client, 'everything', COLUMNS, [{ ...EMPTY, ...value }])).rejects.toThrow(message);
  expect(await count()).toBe(0);
});

it('writes nothing when the iterable throws half-way, and leaves the connection usable', async () => {
  async function* rows() {
    for (let int4 = 100; int4 < 50_100; int4++) yield { int4 };
    throw new Error('no more units');
  }
  await expect(copyRows(client, 'everything', { int4: 'int4' }, rows())).rejects.toThrow('no more units');
  expect(await count()).toBe(0);
});

it('writes nothing when the server refuses a row, and leaves the connection usable', async () => {
  const rows = Array.from({ length: 50_000 }, (_, int4) => ({ int4 }));
  await expect(copyRows(client, 'everything', { int4: 'int4' }, rows)).rejects.toMatchObject({ code: '23514' });
  expect(await count()).toBe(0);
});

it('takes rows only as fast as the server does', async () => {
  const blocker = new pg.Client({ connectionString: database.url });
  await blocker.connect();
  await blocker.query('BEGIN; LOCK TABLE everything');
  let taken = 0;
  function* rows() {
    for (; taken < 1_000_000; taken++) yield { int4: 14 };
  }
  const copied = copyRows(client, 'everything', { int4: 'int4' }, rows());
  await sleep(500);
  expect(taken).toBeLessThan(200_000);
  await blocker.query('COMMIT');
  await copied;
  expect(await count()).toBe(1_000_000);
  await blocker.end();
});
