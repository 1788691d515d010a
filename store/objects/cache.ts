/**
 * Copies of objects on this machine, below DISSECTORY_HOME/cache. What belongs together (a model and its card, a
 * dataset) is a set with a folder of its own, called after all that its objects are: other content is another folder,
 * and nothing in a folder ever changes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DissectoryError } from '../../core/errors.ts';
import { dissectoryHome } from '../home.ts';
import { makeRoom } from './evict.ts';
import { objectsError } from './objects-error.ts';
import { type ObjectInfo, streamObject } from './read.ts';
import { objectUrl } from './url.ts';

/** Small files wait for answers more than for the network. */
const AT_ONCE = 16;
/** Less than what makes a set count as no longer in use: see evict.ts. */
const TOUCH_EVERY_MS = 60_000;

/** Beside the folder of a set: holds its bytes; its time is that of the last use. */
export const markOf = (folder: string) => `${folder}.json`;

export const cacheHome = (): string => path.join(dissectoryHome(), 'cache');

export interface CacheOptions {
  signal?: AbortSignal;
  onProgress?(files: number, of: number): void;
}

/**
 * Makes sure that a set of objects lies on this machine, each where its key says behind `prefix`. What a broken-off try
 * has fetched is not fetched again; several may try at once. What was not used for a while goes where there is no room.
 *
 * @returns the folder; in use for as long as `inUse` says, at least for some minutes
 * @throws CACHE_FULL, OBJECTS_UNAVAILABLE, FORBIDDEN, NOT_FOUND where one has gone meanwhile, the signal's reason
 */
export async function cached(objects: readonly ObjectInfo[], prefix: string, { signal, onProgress }: CacheOptions = {}): Promise<string> {
  const folder = path.join(cacheHome(), digest(objects));
  if (await isComplete(folder)) return folder;
  const bytes = objects.reduce((all, { size }) => all + size, 0);
  await makeRoom(cacheHome(), folder, bytes);
  const mark = (complete: boolean) =>
    writeFile(markOf(folder), JSON.stringify({ bytes, complete, from: objectUrl({ ...objects[0], key: prefix }) }));
  await mkdir(folder, { recursive: true });
  await mark(false);

  const files = objects
    .filter(({ key }) => !key.endsWith('/'))
    .map((object) => ({ object, file: path.join(folder, within(object, prefix)) }));
  const timer = setInterval(() => touch(folder).catch(() => {}), TOUCH_EVERY_MS);
  try {
    await fetchMissing(files, signal, onProgress);
  } finally {
    clearInterval(timer);
  }
  await mark(true);
  return folder;
}

interface Copy {
  object: ObjectInfo;
  file: string;
}

/** Several at once; the first that fails ends the others. */
async function fetchMissing(
  files: readonly Copy[],
  signal: AbortSignal | undefined,
  onProgress: CacheOptions['onProgress'],
): Promise<void> {
  const missing: Copy[] = [];
  for (const one of files) if (!(await isWhole(one.file, one.object.size))) missing.push(one);
  let done = files.length - missing.length;
  const failed = new AbortController();
  const ended = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  setMaxListeners(0, ended);
  const queue = missing.values();
  const fetchNext = async () => {
    for (const { object, file } of queue) {
      ended.throwIfAborted();
      await fetchTo(file, object, ended);
      onProgress?.(++done, files.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchNext)).catch((error) => {
    failed.abort(error);
    throw error;
  });
}

/** Counts as a use. */
async function isComplete(folder: string): Promise<boolean> {
  const text = await readFile(markOf(folder), 'utf8').catch(() => '');
  if (!text.includes('"complete":true') || !existsSync(folder)) return false;
  await touch(folder);
  return true;
}

/** Keeps a set from being deleted for as long as `user` is referred to by anything. */
export function inUse(folder: string, user: object): void {
  const held = new WeakRef(user);
  const timer = setInterval(() => {
    if (held.deref() === undefined) clearInterval(timer);
    else touch(folder).catch(() => {});
  }, TOUCH_EVERY_MS);
  timer.unref();
}

async function touch(folder: string): Promise<void> {
  await utimes(markOf(folder), new Date(), new Date());
}

/** Under another name until it is whole: what has its name is complete. */
async function fetchTo(file: string, object: ObjectInfo, signal: AbortSignal): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await pipeline(await streamObject(object, signal), createWriteStream(part), { signal });
    const { size } = await stat(part);
    if (size !== object.size) throw brokenOff(object, size);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    signal.throwIfAborted();
    if (isFull(error))
      throw new DissectoryError('CACHE_FULL', `The disk of ${cacheHome()} is full: free some space there.`, { cause: error });
    throw objectsError(error, objectUrl(object));
  }
}

const brokenOff = (object: ObjectInfo, size: number) =>
  new DissectoryError('OBJECTS_UNAVAILABLE', `${objectUrl(object)} ended after ${size} of ${object.size} bytes: read it again.`);

const isFull = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOSPC';

async function isWhole(file: string, size: number): Promise<boolean> {
  return (await stat(file).catch(() => null))?.size === size;
}

/** A key comes from elsewhere: none may lead out of the folder. Throws BAD_INPUT. */
function within(object: ObjectInfo, prefix: string): string {
  const name = object.key.slice(prefix.length);
  if (name !== '' && !name.startsWith('/') && !name.split('/').some((part) => part === '..' || part === '.')) return name;
  throw new DissectoryError('BAD_INPUT', `${objectUrl(object)} cannot be copied: its name is no path of a file.`);
}

function digest(objects: readonly ObjectInfo[]): string {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL || '';
  const all = objects.map(({ bucket, key, etag, size }) => [bucket, key, etag, size]);
  return createHash('sha256')
    .update(JSON.stringify([endpoint, all]))
    .digest('hex');
}
