import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';

const DEFAULT_GB = 50;
/** Whoever uses a set says so every minute. */
const IN_USE_MS = 10 * 60_000;

/**
 * Deletes sets that nobody uses, the least recently used first, until one of `bytes` has room beside the others. The
 * limit is DISSECTORY_CACHE_GB, 50 unless set.
 *
 * @param folder of the set that wants room; its own bytes, fetched or not, are not counted twice
 * @throws CACHE_FULL where it is larger than the limit, or the others are in use
 */
export async function makeRoom(home: string, folder: string, bytes: number): Promise<void> {
  const limit = limitBytes();
  const others = (await setsIn(home)).filter((set) => set.folder !== folder).sort((a, b) => a.used - b.used);
  let held = others.reduce((all, set) => all + set.bytes, 0);
  const evictable = bytes > limit ? [] : others.filter(({ used }) => Date.now() - used > IN_USE_MS);
  for (const set of evictable) {
    if (held + bytes <= limit) return;
    await remove(set.folder);
    held -= set.bytes;
  }
  if (held + bytes <= limit) return;
  throw new DissectoryError(
    'CACHE_FULL',
    `${gb(bytes)} more do not fit into ${home}, which may hold ${gb(limit)} and has ${gb(held)} in use: set DISSECTORY_CACHE_GB higher.`,
  );
}

async function setsIn(home: string): Promise<{ folder: string; bytes: number; used: number }[]> {
  const marks = (await readdir(home).catch(() => [])).filter((name) => name.endsWith('.json')).map((name) => path.join(home, name));
  const sets = await Promise.all(
    marks.map(async (mark) => {
      const [text, info] = await Promise.all([readFile(mark, 'utf8').catch(() => ''), stat(mark).catch(() => null)]);
      const bytes = Number(/"bytes":(\d+)/.exec(text)?.[1] ?? 0);
      return { folder: mark.slice(0, -'.json'.length), bytes, used: info?.mtimeMs ?? Date.now() };
    }),
  );
  return sets;
}

/** Gone from one moment to the next for whoever looks for it. */
async function remove(folder: string): Promise<void> {
  const gone = `${folder}.${randomUUID()}.gone`;
  await rm(`${folder}.json`, { force: true });
  await rename(folder, gone).catch(() => {});
  await rm(gone, { recursive: true, force: true });
}

/** Throws BAD_INPUT. */
function limitBytes(): number {
  const text = process.env.DISSECTORY_CACHE_GB || String(DEFAULT_GB);
  const limit = Number(text) * 1e9;
  if (limit > 0) return limit;
  throw new DissectoryError('BAD_INPUT', `DISSECTORY_CACHE_GB must be a number of gigabytes above 0, not "${text}".`);
}

const gb = (bytes: number) => `${Number((bytes / 1e9).toPrecision(3))} GB`;
