import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { clusterOf } from '../../store/embedded/cluster.ts';
import { openEmbedded } from '../../store/embedded/open.ts';

let home: string;
beforeAll(newHome);
afterAll(removeHome);

function newHome(): void {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-home-'));
  fs.chmodSync(home, 0o755); // run by root, PostgreSQL has an account of its own
}

async function removeHome(): Promise<void> {
  await (await openEmbedded(home)).close(); // a killed process leaves the server running
  fs.rmSync(home, { recursive: true });
}

const postmaster = () => path.join(home, 'postgres', 'data', 'postmaster.pid');
const postmasterPid = () => Number(fs.readFileSync(postmaster(), 'utf8').split('\n')[0]);
const runs = () => fs.existsSync(postmaster());

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const answers = (url: string) =>
  expect.poll(() => query(url, 'SELECT 1 AS answer').catch(String), { timeout: 20_000 }).toEqual([{ answer: 1 }]);

/** A process of its own that has the store open. */
async function holder(): Promise<{ process: ChildProcessWithoutNullStreams; url: string; close(): Promise<void> }> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'holder.ts'), home], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: url } = await lines.next();
  if (!url) throw new Error(complaint);
  const close = async () => {
    child.stdin.write('close\n');
    expect((await lines.next()).value, complaint).toBe('closed');
    await once(child, 'exit');
  };
  return { process: child, url, close };
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  for (let alive = true; alive; ) {
    await sleep(20);
    try {
      process.kill(pid, 0);
    } catch {
      alive = false;
    }
  }
}

async function endedPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('a new home', () => {
  it('is made once where several open it in one process', async () => {
    const shared = home;
    newHome();
    const unfinished = path.join(home, `postgres.${await endedPid()}.abcdef`);
    fs.mkdirSync(unfinished); // by a process that was killed in the middle
    const holders = await Promise.all([openEmbedded(home), openEmbedded(home)]);
    expect(fs.readdirSync(home)).toEqual(['postgres']);
    expect(holders[0].url).toBe(holders[1].url);
    await Promise.all(holders.map(({ close }) => close()));
    await removeHome();
    home = shared;
  });
});

describe('two processes', () => {
  it('that open a new home at the same time share one server, which the last one out stops', async () => {
    const [first, second] = await Promise.all([holder(), holder()]);
    expect(first.url).toBe(second.url);
    expect(fs.readdirSync(home)).toEqual(['postgres']);
    await first.close();
    await answers(second.url);
    await second.close();
    expect(runs()).toBe(false);
  });

  it('that close at the same time leave no server behind', async () => {
    const holders = await Promise.all([openEmbedded(home), openEmbedded(home), openEmbedded(home)]);
    await Promise.all(holders.map(({ close }) => close()));
    expect(runs()).toBe(false);
  });

  it('of which one opens while the other closes both succeed', async () => {
    let held = await openEmbedded(home);
    for (let round = 0; round < 3; round++) {
      const [next] = await Promise.all([openEmbedded(home), held.close()]);
      await answers(next.url);
      held = next;
    }
    await held.close();
    expect(runs()).toBe(false);
  });
});

describe('a killed process', () => {
  it('keeps nobody from opening the home, and does not keep the server up', async () => {
    const killed = await holder();
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');
    const next = await openEmbedded(home);
    await answers(next.url);
    await next.close();
    expect(runs()).toBe(false);
  });
});

describe('a killed server', () => {
  it('loses no acknowledged row and is started again', async () => {
    const before = await openEmbedded(home);
    await query(before.url, 'CREATE TABLE acknowledged AS SELECT generate_series(1, 1000) AS id');
    await kill(postmasterPid());
    const after = await openEmbedded(home);
    expect(await query(after.url, 'SELECT count(*)::int FROM acknowledged')).toEqual([{ count: 1000 }]);
    await after.close();
    await before.close();
  });

  it('comes back on the same port for those who had it open, and stays until they close', async () => {
    const held = await openEmbedded(home);
    await kill(postmasterPid());
    await answers(held.url);
    await (await openEmbedded(home)).close();
    await answers(held.url);
    await held.close();
    expect(runs()).toBe(false);
  });

  it('whose process id another process has by now starts again', async () => {
    await (await openEmbedded(home)).close();
    const other = spawn('sleep', ['60'], ownerOf(path.join(home, 'postgres')));
    onTestFinished(() => void other.kill());
    fs.writeFileSync(postmaster(), `${other.pid}\n${home}/postgres/data\n1795000000\n1\n\n127.0.0.1\n`);
    fs.utimesSync(postmaster(), new Date(), new Date(Date.now() - 3_600_000));
    const { uid, gid } = ownerOf(path.join(home, 'postgres'));
    fs.chownSync(postmaster(), uid, gid);
    const held = await openEmbedded(home);
    await answers(held.url);
    await held.close();
  });
});

const ownerOf = (file: string) => {
  const { uid, gid } = fs.statSync(file);
  return { uid, gid };
};

describe('the cluster', () => {
  it('is closed to other accounts, and to those without the password', async () => {
    const held = await openEmbedded(home);
    const modes = ['postgres', 'postgres/password', 'postgres/data'].map((file) => fs.statSync(path.join(home, file)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o700]);
    const guess = new URL(held.url);
    guess.password = 'guess';
    await expect(query(guess.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await held.close();
  });

  it('knows upper and lower case of every language', async () => {
    const held = await openEmbedded(home);
    expect(await query(held.url, "SELECT 'ÉTÉ' ILIKE 'été' AS same")).toEqual([{ same: true }]);
    await held.close();
  });

  it('that cannot start says why, and names DATABASE_URL', async () => {
    await (await openEmbedded(home)).close();
    const version = path.join(home, 'postgres', 'data', 'PG_VERSION');
    const original = fs.readFileSync(version);
    fs.writeFileSync(version, '9\n');
    onTestFinished(() => fs.writeFileSync(version, original));
    const message = expect.stringMatching(/incompatible with server.*DATABASE_URL/s);
    await expect(openEmbedded(home)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message });
  });

  it('that has no place to be says so', async () => {
    const file = path.join(home, 'file');
    fs.writeFileSync(file, '');
    const message = expect.stringContaining('set DISSECTORY_HOME to a folder of your own, or DATABASE_URL');
    await expect(openEmbedded(path.join(file, 'home'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message });
  });

  it.runIf(process.getuid?.() === 0)('of root lies elsewhere where the account that runs it cannot reach the home', () => {
    const secluded = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-home-'));
    const { folder, account } = clusterOf(secluded);
    onTestFinished(() => {
      for (const made of [secluded, path.dirname(folder)]) fs.rmSync(made, { recursive: true });
    });
    expect(folder).toMatch(/^\/var\/lib\/dissectory-[0-9a-f]{16}\/postgres$/);
    expect(account?.uid).toBeGreaterThan(0);
  });
});
