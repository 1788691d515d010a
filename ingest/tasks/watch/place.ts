import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import { listObjects } from '../../../store/objects/read.ts';
import { isObjectUrl, objectUrl } from '../../../store/objects/url.ts';

/** What lies in a watched place: each model file with a fingerprint of itself and of what belongs to it, from names, sizes and times alone. */
export type Look = ReadonlyMap<string, string>;

/**
 * Looks at a place: a folder, meaning every `.onnx` file in it, or a folder and a pattern with `*` and `?` for the files' names. Hidden
 * files, and those under other endings such as `.tmp`, are somebody's work in progress. What belongs to `NAME.onnx` are the files `NAME.*`:
 * its card, its external weights.
 *
 * An s3:// URL means the objects right below it, or those that fit its last part; one that is complete there shows at once.
 *
 * @throws NOT_FOUND where there is no such folder or bucket, and what `objectsError` names
 */
export async function lookAt(place: string): Promise<Look> {
  return isObjectUrl(place) ? lookAtObjects(place) : lookAtFiles(place);
}

async function lookAtFiles(place: string): Promise<Look> {
  const { folder, isModel } = partsOf(path.resolve(place));
  const names = await readdir(folder).catch((cause) => {
    throw new DissectoryError('NOT_FOUND', `The folder ${folder} cannot be read (${cause.code ?? cause.message}): see that it is there.`, {
      cause,
    });
  });
  const models = names.filter((name) => !name.startsWith('.') && isModel(name)).sort();
  const looked = await Promise.all(models.map(async (name) => [path.join(folder, name), await fingerprint(folder, name, names)] as const));
  return new Map(looked.filter((entry): entry is [string, string] => entry[1] !== null));
}

async function lookAtObjects(place: string): Promise<Look> {
  const { folder, isModel } = partsOf(place.replace(/\/$/, ''));
  const objects = await listObjects(`${folder}/`, 'here');
  const here = objects.filter(({ size }) => size > 0).map((object) => ({ ...object, name: objectUrl(object).slice(folder.length + 1) }));
  const models = here.filter(({ name }) => !name.startsWith('.') && isModel(name));
  return new Map(
    models.map((model) => {
      const beside = here.filter(({ name }) => name.startsWith(`${path.parse(model.name).name}.`));
      return [objectUrl(model), beside.map(({ name, size, etag }) => `${name} ${size} ${etag}`).join('\n')];
    }),
  );
}

/** null where the file is empty, no file, or has just gone. */
async function fingerprint(folder: string, model: string, names: readonly string[]): Promise<string | null> {
  const beside = names.filter((name) => name.startsWith(`${path.parse(model).name}.`));
  const stats = await Promise.all(beside.map((name) => stat(path.join(folder, name)).catch(() => null)));
  const own = stats[beside.indexOf(model)];
  if (!own?.isFile() || own.size === 0) return null;
  return stats.map((one, i) => (one ? `${beside[i]} ${mark(one)}` : '')).join('\n');
}

const mark = ({ size, mtimeMs, ino }: Stats) => `${size} ${mtimeMs} ${ino}`;

/** Whether the last part of a place stands for several files. */
export const isPattern = (place: string): boolean => /[*?]/.test(path.basename(place));

function partsOf(place: string): { folder: string; isModel: (name: string) => boolean } {
  const pattern = path.basename(place);
  if (!isPattern(place)) return { folder: place, isModel: (name) => name.endsWith('.onnx') };
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`);
  return { folder: path.dirname(place), isModel: (name) => expression.test(name) };
}
