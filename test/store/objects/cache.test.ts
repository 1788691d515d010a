import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cached, inUse, markOf } from '../../../store/objects/cache.ts';
import { headObject, listObjects, readObject } from '../../../store/objects/read.ts';
import { parseObjectUrl } from '../../../store/objects/url.ts';
import { newObjectStorage, type ObjectStorage } from '../../object-storage.ts';

let storage: ObjectStorage;
let home: string;
beforeAll(async () => {
  storage = await newObjectStorage();
  for (const [name, value] of Object.entries(storage.env)) vi.stubEnv(name, value);
});
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'dissectory-cache-'));
  vi.stubEnv('DISSECTORY_HOME', home);
  vi.stubEnv('DISSECTORY_CACHE_GB', '');
  return () => rm(home, { recursive: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await storage.remove();
});

/** Puts two objects below a prefix and copies them. */
async function set(prefix: string, bytes = 5): Promise<string> {
  await storage.put(`${prefix}/a.txt`, 'x'.repeat(bytes));
  await storage.put(`${prefix}/deep/b.txt`, prefix);
  return cached(await listObjects(`s3://bucket/${prefix}/`, 'all'), `${prefix}/`);
}
const longAgo = (folder: string, minutes: number) => {
  const time = new Date(Date.now() - minutes * 60_000);
  return utimes(markOf(folder), time, time);
};
const kept = async () =>
  (await readdir(path.join(home, 'cache')))
    .filter((name) => !name.endsWith('.json'))
    .map((name) => path.join(home, 'cache', name))
    .sort();

describe('an s3:// URL', () => {
  it('is a bucket and a key as it stands', () => {
    expect(parseObjectUrl('s3://runs.a-1/x/a b%20+@4.onnx')).toEqual({ bucket: 'runs.a-1', key: 'x/a b%20+@4.onnx' });
    expect(parseObjectUrl('s3://runs')).toEqual({ bucket: 'runs', key: '' });
  });
  it.each(['s3://', 's3:///key', 's3://Upper/key', 'http://bucket/key'])('%s is none', (url) => {
    expect(() => parseObjectUrl(url)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});

describe('a listing', () => {
  it('holds every object below a prefix, however many pages the server makes of it', async () => {
    const keys = Array.from({ length: 1003 }, (_, i) => `many/${String(i).padStart(4, '0')}`);
    await storage.lay(keys.map((key) => [key, key]));
    const listed = await listObjects('s3://bucket/many/', 'all');
    expect(listed.map(({ key }) => key)).toEqual(keys);
    expect(await listObjects('s3://bucket/m', 'here')).toEqual([]);
    expect(listed[7]).toEqual(await headObject('s3://bucket/many/0007'));
    expect(listed[7]).toMatchObject({ bucket: 'bucket', size: 9, etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  });
});

describe('a set of objects', () => {
  it('lies where its keys say, is fetched once, and anew where its content is another', async () => {
    const first = await set('one');
    expect(await readFile(path.join(first, 'deep/b.txt'), 'utf8')).toBe('one');
    const progress: number[][] = [];
    const again = await cached(await listObjects('s3://bucket/one/', 'all'), 'one/', { onProgress: (...files) => progress.push(files) });
    expect(again).toBe(first);
    expect(progress).toEqual([]);
    await storage.put('one/a.txt', 'other');
    const other = await cached(await listObjects('s3://bucket/one/', 'all'), 'one/', { onProgress: (...files) => progress.push(files) });
    expect(other).not.toBe(first);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('that was broken off is gone on with, and nothing half fetched has a name', async () => {
    await storage.lay(Array.from({ length: 40 }, (_, i) => [`long/${i}`, `${i}`]));
    const objects = await listObjects('s3://bucket/long/', 'all');
    const stop = new AbortController();
    const broken = cached(objects, 'long/', {
      signal: stop.signal,
      onProgress: (files) => files === 20 && stop.abort(new Error('told to stop')),
    });
    await expect(broken).rejects.toThrow('told to stop');
    const counts: number[] = [];
    const folder = await cached(objects, 'long/', { onProgress: (files) => counts.push(files) });
    expect(counts[0]).toBeGreaterThan(20);
    expect((await readdir(folder)).sort()).toEqual(objects.map(({ key }) => key.slice('long/'.length)).sort());
  });

  it('is refused where an object changed after it was listed', async () => {
    await storage.put('changing/a', 'first');
    const objects = await listObjects('s3://bucket/changing/', 'all');
    await storage.put('changing/a', 'other');
    await expect(cached(objects, 'changing/')).rejects.toMatchObject({
      code: 'OBJECTS_UNAVAILABLE',
      message: expect.stringContaining('changed'),
    });
    await expect(readObject(objects[0])).rejects.toMatchObject({ code: 'OBJECTS_UNAVAILABLE' });
  });

  it('is refused where a key leads out of its folder', async () => {
    const [object] = [{ bucket: 'bucket', key: 'p/../../x', etag: '"a"', size: 1 }];
    await expect(cached([object], 'p/')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('the room for copies', () => {
  it('is made by those least recently used that nobody uses', async () => {
    const [oldest, older, used] = [await set('r1', 400), await set('r2', 400), await set('r3', 400)];
    await longAgo(oldest, 60);
    await longAgo(older, 30);
    await longAgo(used, 5);
    vi.stubEnv('DISSECTORY_CACHE_GB', '0.0000013');
    const fresh = await set('r4', 400);
    expect(await kept()).toEqual([older, used, fresh].sort());
    await longAgo(fresh, 5);
    const next = await set('r5', 400);
    expect(await kept()).toEqual([used, fresh, next].sort());
    await expect(set('r6', 400)).rejects.toMatchObject({ code: 'CACHE_FULL' });
    expect(await kept()).toEqual([used, fresh, next].sort());
  });

  it('is refused to what is larger than all of it', async () => {
    vi.stubEnv('DISSECTORY_CACHE_GB', '0.0000001');
    await expect(set('large', 400)).rejects.toMatchObject({
      code: 'CACHE_FULL',
      message: expect.stringMatching(/^4\.05e-7 GB more do not fit into .*DISSECTORY_CACHE_GB/),
    });
    vi.stubEnv('DISSECTORY_CACHE_GB', 'much');
    await expect(set('large', 401)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is not taken from whoever is at work with a set', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const folder = await set('held');
      const user = {};
      inUse(folder, user);
      await longAgo(folder, 60);
      vi.advanceTimersByTime(60_000);
      vi.stubEnv('DISSECTORY_CACHE_GB', '0.000000015');
      await expect(set('wants')).rejects.toMatchObject({ code: 'CACHE_FULL' });
      expect(user).toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what can go wrong', () => {
  it('is told by code: no bucket, no object', async () => {
    await expect(listObjects('s3://nowhere/x', 'all')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('no bucket "nowhere"'),
    });
    await expect(headObject('s3://bucket/none')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('s3://bucket/none'),
    });
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: 'SOMEBODY' }, /^s3:\/\/bucket\/x may not be read \(InvalidAccessKeyId\): see that AWS_ACCESS_KEY_ID/],
    [{ AWS_ACCESS_KEY_ID: '', AWS_EC2_METADATA_DISABLED: 'true' }, /^There are no credentials to read s3:\/\/bucket\/x with/],
  ])('is told by code: no right to read, %o', async (env, message) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    vi.resetModules();
    const read = await import('../../../store/objects/read.ts');
    try {
      await expect(read.listObjects('s3://bucket/x', 'all')).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringMatching(message),
      });
    } finally {
      vi.stubEnv('AWS_ACCESS_KEY_ID', storage.env.AWS_ACCESS_KEY_ID);
    }
  });

  it('passes where the server comes back', async () => {
    await storage.put('here', 'x');
    await storage.stop();
    await expect(headObject('s3://bucket/here')).rejects.toMatchObject({
      code: 'OBJECTS_UNAVAILABLE',
      message: expect.stringMatching(/^The object storage does not answer for s3:\/\/bucket\/here \(ECONNREFUSED/),
    });
    await storage.start();
    expect((await headObject('s3://bucket/here')).size).toBe(1);
  });
});
