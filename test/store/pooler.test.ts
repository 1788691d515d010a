/** Behind a real PgBouncer that gives connections to transactions; skipped with one line where there is none. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startWorker } from '../../ingest/jobs/worker.ts';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { withLock } from '../../store/lock.ts';
import { migrate } from '../../store/migrate.ts';
import { enqueue } from '../../store/queue/enqueue.ts';
import { listen } from '../../store/queue/listen.ts';
import { openQueue } from '../../store/queue/open.ts';
import { openStore, type Store } from '../../store/store.ts';
import { createEmptyDatabase, type TestDatabase } from '../database.ts';
import { ALEXNET, TINY } from '../ingest/places.ts';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
  fs.existsSync,
);
if (!PROGRAM) console.log('skipped: no pgbouncer on this machine');

let folder: string;
let bouncer: ChildProcess;
let database: TestDatabase;
let url: string;
let store: Store;

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

async function answering(address: string): Promise<void> {
  for (let look = 0; ; look++) {
    const client = new pg.Client({ connectionString: address });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      if (look === 100) throw error;
      await sleep(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

async function startBouncer(): Promise<number> {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-bouncer-'));
  fs.chmodSync(folder, 0o755);
  const { hostname, port, username, password } = new URL(inject('serverUrl'));
  const own = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  fs.writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 6
max_client_conn = 200
`,
  );
  const account = process.getuid?.() === 0 ? ['-u', spawnSync('id', ['postgres']).status === 0 ? 'postgres' : 'nobody'] : [];
  bouncer = spawn(PROGRAM as string, ['-q', ...account, file], { stdio: 'ignore' });
  return own;
}

describe.skipIf(!PROGRAM)('a pooler of transactions', () => {
  beforeAll(async () => {
    database = await createEmptyDatabase();
    const { pathname } = new URL(database.url);
    url = `postgresql://anybody:any@127.0.0.1:${await startBouncer()}${pathname}`;
    await answering(url);
    await Promise.all([migrate(url), migrate(url)]);
    store = await openStore({ url, migrate: 'check' });
  });
  afterAll(async () => {
    await store?.close();
    bouncer?.kill('SIGKILL');
    await database?.drop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('shares sessions, so that this test means something', async () => {
    const clients = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
    const pids: number[] = [];
    for (const client of clients) {
      await client.connect();
      pids.push((await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid);
    }
    await Promise.all(clients.map((client) => client.end()));
    expect(pids[0]).toBe(pids[1]);
  });

  it('lets one process at a time do work of a name, and the next when it has ended or died', async () => {
    let inside = 0;
    const once = () =>
      withLock(store, { name: 'test', onWait: () => {} }, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await store.pool.query('SELECT pg_sleep(0.2)');
        inside -= 1;
      });
    await Promise.all([once(), once(), once()]);
    await expect(withLock(store, { name: 'test', onWait: () => {} }, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    await once();
    const { rows } = await store.pool.query(
      "SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    );
    expect(rows[0].locks).toBe(0);
  });

  it('hears of changes by looking', async () => {
    const heard: string[] = [];
    const listening = await listen(
      url,
      ['jobs', 'dissections'],
      (channel, id) => heard.push(`${channel} ${id}`),
      () => {},
    );
    await store.pool.query(
      `INSERT INTO jobs (kind, payload, key, delivery, state) VALUES ('SCAN', '{}', 'pooler', gen_random_uuid(), 'CANCELLED')`,
    );
    await expect.poll(() => heard, { timeout: 15_000 }).toContain('jobs 1');
    await listening.close();
  });

  it('takes a dataset, a model, a dissection, and one by the queue', async () => {
    await addDataset(store, TINY, { slug: 'tiny' });
    await addModel(store, ALEXNET, { slug: 'alexnet' });
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-home-'));
    const request = { model: 'alexnet', dataset: 'tiny', tau: 0.005, memory: 2 ** 28, home, onProgress: () => {} };
    expect(await dissectModel(store, { ...request, layers: ['conv5'] })).toMatchObject([{ layer: 'conv5', computed: true }]);

    const queue = await openQueue(store, 'client');
    const { job } = await enqueue(queue, {
      kind: 'DISSECT',
      payload: { model: 'alexnet', dataset: 'tiny', layers: ['conv4'], tau: 0.005 },
    });
    const worker = await startWorker(store, {
      ...{ home, targets: ['onnx-cpu'], concurrency: 1, memory: 2 ** 28, allowedFolders: [], webhook: null },
    });
    await expect
      .poll(() => store.prisma.job.findUnique({ where: { id: job.id } }), { timeout: 50_000, interval: 500 })
      .toMatchObject({ state: 'DONE' });
    await worker.stop();
    await queue.close();
    fs.rmSync(home, { recursive: true });
  }, 120_000);
});
