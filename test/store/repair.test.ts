import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openEmbedded } from '../../store/embedded/open.ts';
import { repair } from '../../store/embedded/repair.ts';

let original: string;
let home: string;
beforeAll(async () => {
  original = newFolder();
  const held = await openEmbedded(original);
  await query(held.url, 'CREATE TABLE kept AS SELECT 7 AS row');
  await held.close();
});
afterAll(() => fs.rmSync(original, { recursive: true, force: true }));
beforeEach(() => {
  home = newFolder();
  execFileSync('cp', ['-a', `${original}/.`, home]);
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-repair-'));
  fs.chmodSync(folder, 0o755);
  return folder;
}

const inside = (...names: string[]) => path.join(home, 'postgres', ...names);

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function expectKept(): Promise<void> {
  const held = await openEmbedded(home);
  expect(await query(held.url, 'SELECT * FROM kept')).toEqual([{ row: 7 }]);
  await held.close();
}

it('finds nothing wrong with what is whole', async () => {
  expect(await repair(home)).toEqual([]);
});

const SPOILT: [string, () => void, RegExp][] = [
  ['the password file', () => fs.rmSync(inside('password')), /password is missing/],
  ['an empty password file', () => fs.writeFileSync(inside('password'), ''), /password is missing or empty/],
  [
    'empty folders',
    () => {
      for (const name of ['pg_notify', 'pg_tblspc', 'pg_replslot', 'pg_wal/summaries']) fs.rmdirSync(inside('data', name));
    },
    /lacks .*pg_notify.*pg_tblspc/,
  ],
  ['its modes', () => fs.chmodSync(inside('data'), 0o755), /has the mode 755 instead of 700/],
  [
    'modes and password together',
    () => {
      fs.chmodSync(inside('data'), 0o770);
      fs.rmSync(inside('password'));
    },
    /mode 770.*password/s,
  ],
  ...(process.getuid?.() === 0
    ? ([['its owner', () => fs.chownSync(inside('data'), 0, 0), /belongs to the user 0/]] as [string, () => void, RegExp][])
    : []),
];

it.each(SPOILT)('a cluster without %s is named at once, and mended', async (_, spoil, named) => {
  spoil();
  const began = Date.now();
  await expect(openEmbedded(home)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(new RegExp(`${named.source}.*dissectory store repair`, 's')),
  });
  expect(Date.now() - began).toBeLessThan(3000);
  expect((await repair(home)).length).toBeGreaterThan(0);
  await expectKept();
});

it('a password that is another is named at once, and set anew', async () => {
  fs.writeFileSync(inside('password'), 'another');
  await expect(openEmbedded(home)).rejects.toMatchObject({ message: expect.stringMatching(/does not take the password.*store repair/s) });
  expect(await repair(home)).toEqual([expect.stringMatching(/^Set a new password/)]);
  await expectKept();
});

it('what held data is not made up', async () => {
  fs.rmSync(inside('data', 'global', 'pg_control'));
  await expect(openEmbedded(home)).rejects.toMatchObject({ message: expect.stringMatching(/lacks global\/pg_control.*restore/s) });
  await expect(repair(home)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/cannot be repaired.*restore/s),
  });
});

it('a cluster that another machine left open is taken over only when a person says so', async () => {
  fs.mkdirSync(inside('in-use'), { recursive: true });
  fs.writeFileSync(inside('in-use', '000000007'), JSON.stringify({ host: 'elsewhere', machine: 'm', boot: 'b', namespaces: '' }));
  await expect(openEmbedded(home)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/was not closed on elsewhere.*store repair.*DATABASE_URL/s),
  });
  expect(fs.existsSync(inside('in-use', '000000007'))).toBe(true);
  expect(await repair(home)).toEqual([expect.stringMatching(/^Took the database over from elsewhere/)]);
  await expectKept();
}, 90_000);
