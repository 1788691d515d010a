import path from 'node:path';
import { DissectoryError } from '../../core/errors.ts';
import { type CacheOptions, cached } from '../../store/objects/cache.ts';
import { listObjects } from '../../store/objects/read.ts';
import { isObjectUrl, objectUrl, parseObjectUrl } from '../../store/objects/url.ts';
import { ENGINES, engineOf } from '../engine/engines.ts';

/**
 * Where a model lies on this machine: a path as it is, an s3:// URL copied here with what belongs to it. To NAME.onnx
 * belong the objects NAME.* beside it (its card, its external weights), to the model.json of a TensorFlow.js model all
 * below its folder.
 *
 * @throws NOT_FOUND, and what `cached` throws
 */
export async function modelHere(model: string, options?: CacheOptions): Promise<string> {
  if (!isObjectUrl(model)) return model;
  const inFolder = Object.values(ENGINES).find(({ fileOfFolder }) => fileOfFolder !== null)?.fileOfFolder;
  const { bucket, key } = parseObjectUrl(model.endsWith('/') ? `${model}${inFolder}` : model);
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const isWholeFolder = engineOf(key).fileOfFolder !== null;
  const own = isWholeFolder ? folder : `${key.slice(0, key.length - path.posix.extname(key).length)}.`;
  const belonging = await listObjects(objectUrl({ bucket, key: own }), own === folder ? 'all' : 'here', options?.signal);
  if (!belonging.some((object) => object.key === key))
    throw new DissectoryError('NOT_FOUND', `There is no ${objectUrl({ bucket, key })} in the object storage. Check the URL.`);
  return path.join(await cached(belonging, folder, options), key.slice(folder.length));
}
