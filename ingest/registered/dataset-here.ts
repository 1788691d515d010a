import { DissectoryError } from '../../core/errors.ts';
import { type CacheOptions, cached, inUse } from '../../store/objects/cache.ts';
import { listObjects, type ObjectInfo, readObject } from '../../store/objects/read.ts';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { Concept } from '../dataset/dataset.ts';
import type { DatasetFormat } from '../dataset/format.ts';
import { formatNamed, recogniseFormat } from '../dataset/formats.ts';
import { type Fingerprinted, openDense } from '../dataset/open.ts';
import { localPlace, type Place } from '../dataset/place.ts';

/** Where a dataset lies on this machine, and in which format. */
export interface DatasetHere {
  root: string;
  format: DatasetFormat;
}

export interface OpenOptions {
  /** Name of the format; absent: recognised. */
  format?: string | null;
  /** The concepts of a dataset that was added before. */
  known?: readonly Concept[];
  copying?: CacheOptions;
}

/**
 * Where a dataset lies on this machine: a folder as it is, what lies below an s3:// URL copied here first.
 *
 * @throws NOT_FOUND where nothing lies there, BAD_DATASET where it is of no known format, BAD_INPUT, and what `cached`
 * throws
 */
export async function datasetHere(place: string, { format, copying }: OpenOptions = {}): Promise<DatasetHere> {
  if (!isObjectUrl(place)) {
    return { root: place, format: format ? formatNamed(format) : await recogniseFormat(localPlace(place)) };
  }
  const url = place.endsWith('/') ? place : `${place}/`;
  const objects = await listObjects(url, 'all', copying?.signal);
  const prefix = url.slice(url.indexOf('/', 's3://'.length) + 1);
  if (objects.length === 0)
    throw new DissectoryError('NOT_FOUND', `There is no dataset below ${url} in the object storage. Check the URL.`);
  const found = format ? formatNamed(format) : await recogniseFormat(objectPlace(url, objects, prefix));
  const own = objects.filter(({ key }) => found.owns(key.slice(prefix.length)));
  return { root: await cached(own, prefix, copying), format: found };
}

/** What lies below an s3:// URL, as formats look at it. */
function objectPlace(name: string, objects: readonly ObjectInfo[], prefix: string): Place {
  return {
    name,
    async list(folder) {
      const below = prefix + (folder === '' || folder.endsWith('/') ? folder : `${folder}/`);
      const names = objects
        .filter(({ key }) => key.startsWith(below))
        .map(({ key }) => /^[^/]*\/?/.exec(key.slice(below.length))?.[0] ?? '');
      return [...new Set(names.filter(Boolean))].sort();
    },
    async head(file, bytes) {
      const object = objects.find(({ key }) => key === prefix + file);
      return object ? (await readObject(object)).subarray(0, bytes) : new Uint8Array();
    },
  };
}

/** `openDense` of a folder or an s3:// URL; a copy of the latter stays for as long as the dataset is used. */
export async function openDatasetAt(place: string, options?: OpenOptions): Promise<Fingerprinted> {
  const { root, format } = await datasetHere(place, options);
  const dataset = await openDense(root, format, options?.known);
  if (isObjectUrl(place)) inUse(root, dataset);
  return dataset;
}
