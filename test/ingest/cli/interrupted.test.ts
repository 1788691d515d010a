import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { addDataset } from '../../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../../ingest/tasks/add-model.ts';
import { type DissectRequest, dissectModel } from '../../../ingest/tasks/dissect-model.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { contentOf, dissectedRows, NO_ROWS } from '../content.ts';
import { ALEXNET_FC, MINI } from '../places.ts';
import { request } from '../request.ts';
import { ended, newPlace, type Place } from './dissectory.ts';

const LAYERS = ['conv3', 'conv5'];
const DISSECT = ['dissect', 'fc', '--dataset', 'mini', '--layers', LAYERS.join()];
const ask = (home: string, more: Partial<DissectRequest> = {}) => request(home, { model: 'fc', dataset: 'mini', layers: LAYERS, ...more });

/** A place where the model and a dataset of several chunks are registered. */
async function prepared(): Promise<{ place: Place; store: Store; end(): Promise<void> }> {
  const place = await newPlace();
  const store = await openStore({ url: place.url, migrate: 'check' });
  await addDataset(store, MINI, { slug: 'mini' });
  await addModel(store, ALEXNET_FC, { slug: 'fc' });
  const end = async () => {
    await store.close();
    await place.remove();
  };
  return { place, store, end };
}

async function preparedForThisTest() {
  const { end, ...rest } = await prepared();
  onTestFinished(end);
  return rest;
}

/** What a dissection of the layers leaves where nothing disturbs it. */
let undisturbed: Awaited<ReturnType<typeof contentOf>>[];
beforeAll(async () => {
  const { place, store, end } = await prepared();
  undisturbed = await contents(store, await dissectModel(store, ask(place.home)));
  expect(await readdir(path.join(place.home, 'work'))).toEqual([]);
  await end();
});

const contents = (store: Store, dissected: readonly { id: number }[]) => Promise.all(dissected.map(({ id }) => contentOf(store, id)));

/** The chunks that lie in the work folder of the one run of a home. */
async function chunks(home: string): Promise<string[]> {
  const [run] = await readdir(path.join(home, 'work')).catch(() => []);
  if (run === undefined) return [];
  const names = await readdir(path.join(home, 'work', run, 'round-0')).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}

describe('a dissection that was killed half-way', () => {
  it('goes on where it was when it is asked for again, and gives the same numbers', async () => {
    const { place, store } = await preparedForThisTest();
    const killed = place.start(...DISSECT);
    const over = ended(killed);
    while ((await chunks(place.home)).length < 2) {
      await sleep(5);
      if (killed.exitCode !== null) expect.fail(`it ended before it could be killed: ${(await over).err}`);
    }
    killed.kill('SIGKILL');
    await over;
    expect(await dissectedRows(store)).toEqual(NO_ROWS);
    const left = (await chunks(place.home)).length;
    expect(left).toBeLessThan(6);

    const forward: number[] = [];
    const onProgress: DissectRequest['onProgress'] = (phase, images) => void (phase === 'forward' && forward.push(images));
    const resumed = await dissectModel(store, ask(place.home, { onProgress }));
    expect(forward.slice(0, left)).toEqual(Array.from({ length: left }, (_, i) => 64 * (i + 1)));
    expect(forward[left]).toBe(64 * left + 32);
    expect(await contents(store, resumed)).toEqual(undisturbed);
    expect(await readdir(path.join(place.home, 'work'))).toEqual([]);
  });
});

describe('a dissection in other batches, without memory for its candidates', () => {
  it('gives the same numbers', async () => {
    const { place, store } = await preparedForThisTest();
    expect(await contents(store, await dissectModel(store, ask(place.home, { memory: 0, batchSize: 25 })))).toEqual(undisturbed);
  });
});

describe('two processes that dissect the same thing at once', () => {
  it('both succeed, and leave one dissection', async () => {
    const { place, store } = await preparedForThisTest();
    const both = await Promise.all([place.run('--json', ...DISSECT), place.run('--json', ...DISSECT)]);
    expect(both.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const [one, other] = both.map(({ out }) => JSON.parse(out).dissections as { layer: string; id: number; computed: boolean }[]);
    expect(one.map(({ id }) => id)).toEqual(other.map(({ id }) => id));
    expect([one, other].map((dissections) => dissections.map(({ computed }) => computed)).sort()).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(await store.prisma.dissection.count()).toBe(2);
    expect(await contents(store, one)).toEqual(undisturbed);
  });
});

describe('a disk that fills while the database writes', () => {
  it('leaves nothing half-written, and the work for when there is room', async () => {
    const { place, store } = await preparedForThisTest();
    await store.pool.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'could not extend file "base/5/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON units FOR EACH ROW WHEN (NEW.index = 100) EXECUTE FUNCTION fill_disk()`);
    expect(await place.run(...DISSECT)).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        '\ndissectory: The disk of the database is full, and nothing of this was written: free some space there, then do the same again.\n',
      ),
    });
    expect(await dissectedRows(store)).toEqual(NO_ROWS);
    expect(await chunks(place.home)).toHaveLength(6);

    await store.pool.query('DROP TRIGGER full_disk ON units');
    const forward: number[] = [];
    const onProgress: DissectRequest['onProgress'] = (phase, images) => void (phase === 'forward' && forward.push(images));
    expect(await contents(store, await dissectModel(store, ask(place.home, { onProgress })))).toEqual(undisturbed);
    expect(forward).toEqual([64, 128, 192, 256, 320, 360]);
  });
});

describe('a home that cannot be written', () => {
  let place: Place;
  let blocked: string;
  beforeAll(async () => {
    place = await newPlace();
    await writeFile(path.join(place.home, 'file'), '');
    blocked = path.join(place.home, 'file', 'home');
  });
  afterAll(() => place.remove());

  it('stops a dissection before the first image', async () => {
    const { store } = await preparedForThisTest();
    let images = 0;
    const onProgress = () => {
      images++;
    };
    await expect(dissectModel(store, ask(blocked, { onProgress }))).rejects.toMatchObject({
      name: 'DissectoryError',
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /^Unfinished work cannot be kept in .*file\/home\/work\/.* \(ENOTDIR\): set DISSECTORY_HOME to a folder of your own\.$/,
      ),
    });
    expect(images).toBe(0);
    expect(await dissectedRows(store)).toEqual(NO_ROWS);
    expect(existsSync(blocked)).toBe(false);
  });
});
