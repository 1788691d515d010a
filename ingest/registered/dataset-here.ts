import { DissectoryError } from '../../core/errors.ts';
import { type CacheOptions, cached, inUse } from '../../store/objects/cache.ts';
import { listObjects } from '../../store/objects/read.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Broden } from '../dataset/broden.ts';
import { openBroden } from '../dataset/open.ts';

/**
 * Where a dataset lies on this machine: a folder as it is, what lies below an s3:// URL copied here first.
 *
 * @throws NOT_FOUND where nothing lies there, and what `cached` throws
 */
export async function datasetHere(place: string, options?: CacheOptions): Promise<string> {
  if (!isObjectUrl(place)) return place;
  const url = place.endsWith('/') ? place : `${place}/`;
  const objects = await listObjects(url, 'all', options?.signal);
  const prefix = url.slice(url.indexOf('/', 's3://'.length) + 1);
  const own = objects.filter(({ key }) => /^(images\/|[^/]+\.csv$)/.test(key.slice(prefix.length)));
  if (own.length === 0) throw new DissectoryError('NOT_FOUND', `There is no dataset below ${url} in the object storage. Check the URL.`);
  return cached(own, prefix, options);
}

/** `openBroden` of a folder or an s3:// URL; a copy of the latter stays for as long as the dataset is used. */
export async function openDatasetAt(place: string, options?: CacheOptions): Promise<Broden> {
  const root = await datasetHere(place, options);
  const broden = await openBroden(root);
  if (isObjectUrl(place)) inUse(root, broden);
  return broden;
}
