import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissectionKey, findDissection, writeDissection } from '../../../ingest/write/dissection.ts';
import type { DissectionRecord } from '../../../ingest/write/record.ts';
import { openStore } from '../../../store/store.ts';
import { eachWithStore } from './open.ts';
import { conv5, prepare, silent, sky } from './sample.ts';

const test = eachWithStore();

/** Rows of every table that a dissection fills. */
async function rows() {
  const { dissection, unit, unitScore, unitCategory, topImage } = test.store.prisma;
  return {
    dissections: await dissection.count(),
    units: await unit.count(),
    scores: await unitScore.count(),
    categories: await unitCategory.count(),
    topImages: await topImage.count(),
  };
}
const NOTHING = { dissections: 0, units: 0, scores: 0, categories: 0, topImages: 0 };
const ONE = { dissections: 1, units: 2, scores: 2, categories: 3, topImages: 2 };

const rotated = (record: DissectionRecord, seed: number, alpha: number): DissectionRecord => ({
  ...record,
  basis: 'ROTATION',
  basisParameters: { seed, alpha },
});
const withCode = (record: DissectionRecord, codeVersion: string): DissectionRecord => ({
  ...record,
  provenance: { ...record.provenance, codeVersion },
});

describe('a dissection', () => {
  it('is stored with its provenance', async () => {
    const { units: _, provenance, ...record } = await prepare(test.store);
    const stored = await writeDissection(test.store, { ...record, provenance, units: [sky, silent] });
    expect(stored).toEqual({
      ...{ ...record, ...provenance, id: expect.any(Number), key: dissectionKey({ ...record, provenance }) },
      ...{ current: true, createdAt: expect.any(Date) },
    });
  });

  it('is stored with all of its units, concepts and images by their rows', async () => {
    const { id } = await writeDissection(test.store, await prepare(test.store));
    const { units } = await test.store.prisma.dissection.findUniqueOrThrow({
      where: { id },
      select: {
        units: {
          orderBy: { id: 'asc' },
          include: {
            label: true,
            scores: { include: { concept: true }, orderBy: { iou: 'desc' } },
            categories: { include: { best: true }, orderBy: { category: 'desc' } },
            topImages: { include: { image: true }, orderBy: { rank: 'asc' } },
          },
        },
      },
    });
    expect(units).toMatchObject([
      {
        ...{ index: 0, threshold: 1.25, silent: false, maxActivation: 7.5, iou: 0.25, category: 'OBJECT', label: { name: 'sky' } },
        scores: [
          { concept: { name: 'sky' }, iou: 0.25, intersection: 1n, union: 4n },
          { concept: { name: 'red-c' }, iou: 0.5 / 2 ** 30, intersection: 4194304n, union: 9007199254740991n },
        ],
        categories: [
          { category: 'OBJECT', activated: 3n, best: { name: 'sky' }, bestIou: 0.25, bestIntersection: 1n, bestUnion: 4n },
          {
            category: 'COLOR',
            activated: 1099511627776n,
            best: { name: 'red-c' },
            bestIou: 0.5 / 2 ** 30,
            bestIntersection: 4194304n,
            bestUnion: 9007199254740991n,
          },
        ],
        topImages: [
          { rank: 1, image: { file: 'a/2.jpg' }, maxActivation: 7.5 },
          { rank: 2, image: { file: 'a/0.jpg' }, maxActivation: 1.5 },
        ],
      },
      {
        ...{ index: 1, threshold: null, silent: true, maxActivation: null, iou: 0, category: null, label: null, scores: [], topImages: [] },
        categories: [{ category: 'COLOR', activated: 0n, best: null, bestIou: 0, bestIntersection: 0n, bestUnion: 0n }],
      },
    ]);
    const { map } = units[0].topImages[0];
    expect([...new Float32Array(map.buffer.slice(map.byteOffset, map.byteOffset + map.byteLength))]).toEqual([0, 1, 2, 3, 4, 7.5]);
  });

  it('may have more units than are held at a time', async () => {
    const record = await prepare(test.store, { ...conv5, units: 150 });
    const units = Array.from({ length: 150 }, (_, index) => ({ ...sky, index }));
    const { id } = await writeDissection(test.store, { ...record, units });
    const stored = await test.store.prisma.unit.findMany({ where: { dissectionId: id }, orderBy: { id: 'asc' }, select: { index: true } });
    expect(stored.map(({ index }) => index)).toEqual(units.map(({ index }) => index));
    expect(await rows()).toEqual({ dissections: 1, units: 150, scores: 300, categories: 300, topImages: 300 });
  });
});

describe('the same dissection again', () => {
  it('is found by its key', async () => {
    const record = await prepare(test.store);
    expect(await findDissection(test.store, dissectionKey(record))).toBeNull();
    const stored = await writeDissection(test.store, record);
    expect(await findDissection(test.store, dissectionKey(record))).toEqual(stored);
  });

  it('is the same row, and its units are not asked for', async () => {
    const record = await prepare(test.store);
    const first = await writeDissection(test.store, record);
    // biome-ignore lint/correctness/useYield: asking for the first unit is the failure
    function* units(): Generator<never> {
      throw new Error('asked for');
    }
    expect(await writeDissection(test.store, { ...record, units: units() })).toEqual(first);
    expect(await rows()).toEqual(ONE);
  });

  it('is one row where two processes finish it at once', async () => {
    const record = await prepare(test.store);
    const other = await openStore({ url: test.url, migrate: 'check' });
    const [first, second] = await Promise.all([writeDissection(test.store, record), writeDissection(other, record)]);
    await other.close();
    expect(second).toEqual(first);
    expect(await rows()).toEqual(ONE);
  });

  it('is written by the second of two where the first fails', async () => {
    const record = await prepare(test.store);
    let failNow = () => {};
    const started = new Promise<void>((resolve) => {
      failNow = resolve;
    });
    function* units() {
      yield sky;
      failNow();
      throw new Error('half-way');
    }
    const first = writeDissection(test.store, { ...record, units: units() });
    const second = started.then(() => writeDissection(test.store, record));
    await expect(first).rejects.toThrow('half-way');
    expect(await second).toMatchObject({ current: true });
    expect(await rows()).toEqual(ONE);
  });
});

describe('the current dissection', () => {
  const current = async () => {
    const found = await test.store.prisma.dissection.findMany({ where: { current: true }, orderBy: { id: 'asc' } });
    return found.map(({ codeVersion, basis, basisParameters, tau }) => ({ codeVersion, basis, basisParameters, tau }));
  };

  it('of a layer is the newest of its tau and basis', async () => {
    const record = await prepare(test.store);
    await writeDissection(test.store, withCode(record, '1'));
    await writeDissection(test.store, withCode(rotated(record, 1, 0.5), '1'));
    await writeDissection(test.store, withCode(rotated(record, 2, 0.5), '1'));
    await writeDissection(test.store, withCode({ ...record, tau: 0.01 }, '1'));
    await writeDissection(test.store, withCode(record, '2'));
    await writeDissection(test.store, withCode(rotated(record, 2, 0.5), '2'));
    expect(await current()).toEqual([
      { codeVersion: '1', basis: 'ROTATION', basisParameters: { seed: 1, alpha: 0.5 }, tau: 0.005 },
      { codeVersion: '1', basis: 'IDENTITY', basisParameters: null, tau: 0.01 },
      { codeVersion: '2', basis: 'IDENTITY', basisParameters: null, tau: 0.005 },
      { codeVersion: '2', basis: 'ROTATION', basisParameters: { seed: 2, alpha: 0.5 }, tau: 0.005 },
    ]);
  });

  it('is one where several finish at once, and the last created', async () => {
    const record = await prepare(test.store);
    await Promise.all(['1', '2', '3', '4', '5'].map((version) => writeDissection(test.store, withCode(record, version))));
    const newest = await test.store.prisma.dissection.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] });
    const [only, ...others] = newest.filter((dissection) => dissection.current);
    expect(others).toEqual([]);
    expect(only.createdAt).toEqual(newest[0].createdAt);
  });
});

describe('nothing is stored of a dissection', () => {
  it('whose units fail half-way', async () => {
    const record = await prepare(test.store, { ...conv5, units: 1000 });
    function* units() {
      for (let index = 0; index < 500; index++) yield { ...sky, index };
      throw new Error('the network gave NaN');
    }
    await expect(writeDissection(test.store, { ...record, units: units() })).rejects.toThrow('the network gave NaN');
    expect(await rows()).toEqual(NOTHING);
  });

  it('whose process is killed half-way', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'half-writer.ts'), test.url]);
    const stderr: string[] = [];
    child.stderr.on('data', (text) => stderr.push(String(text)));
    const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(String(said), stderr.join('')).toBe('half-way\n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await rows()).toEqual(NOTHING);
    const record = await prepare(test.store, { ...conv5, units: 1 });
    expect(await writeDissection(test.store, { ...record, units: [sky] })).toMatchObject({ current: true });
  });

  it('for which the disk is too full', async () => {
    const record = await prepare(test.store);
    await test.store.pool.query(`
      CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'could not extend file "base/5/1": No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT ON top_images FOR EACH ROW WHEN (NEW.rank = 2) EXECUTE FUNCTION fill_disk()`);
    await expect(writeDissection(test.store, record)).rejects.toMatchObject({
      code: 'STORE_FULL',
      message: 'The disk of the database is full, and nothing of this was written: free some space there, then do the same again.',
    });
    expect(await rows()).toEqual(NOTHING);
  });

  it.each([
    ['with too few units', [sky], 'The layer has 2 units, 1 were dissected.'],
    ['with a concept that the dataset has not', [{ ...sky, label: 3 }, silent], 'The dataset has no concept 3.'],
    ['with an IoU that is no number', [{ ...sky, iou: Number.NaN }, silent], 'Column iou cannot hold a value: NaN is not finite.'],
  ])('%s', async (_, units, message) => {
    const record = await prepare(test.store);
    await expect(writeDissection(test.store, { ...record, units })).rejects.toThrow(message);
    expect(await rows()).toEqual(NOTHING);
  });
});
