import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DissectoryError } from '../../../core/errors.ts';
import { listObjects, type ObjectInfo } from '../../../store/objects/read.ts';
import { isObjectUrl, objectUrl } from '../../../store/objects/url.ts';
import { ENGINES } from '../../engine/engines.ts';
import { fitsWildcard, isPattern } from './wildcard.ts';

/**
 * What lies in a watched folder: each model with a fingerprint of all that belongs to it, from names, sizes and times
 * alone.
 */
export type Look = ReadonlyMap<string, string>;

/**
 * Endings of models that are a file, such as `.onnx`, and the files that make a folder a model, such as `model.json`.
 */
const ENDINGS = Object.values(ENGINES).flatMap(({ fileOfFolder, ending }) => (fileOfFolder === null ? [ending] : []));
const FILES_OF_FOLDERS = Object.values(ENGINES).flatMap(({ fileOfFolder }) => fileOfFolder ?? []);

/**
 * Looks for models in a folder: files such as `NAME.onnx` and folders with a `model.json` in them; or for those whose
 * name fits a pattern with `*` and `?`. Hidden files, and those under other endings such as `.tmp`, are somebody's work
 * in progress. To `NAME.onnx` belong the files `NAME.*`: its card, its external weights. To a folder belongs all that
 * lies in it.
 *
 * An s3:// URL means the objects and folders right below it, or those that fit its last part; an object that is
 * complete shows at once.
 *
 * @param watched a folder, or a folder and a pattern
 * @throws NOT_FOUND where there is no such folder or bucket, and what `objectsError` names
 */
export async function lookAt(watched: string): Promise<Look> {
  return isObjectUrl(watched) ? lookAtObjects(watched) : lookAtFiles(watched);
}

async function lookAtFiles(watched: string): Promise<Look> {
  const { folder, fits, isModelFile } = wantedOf(path.resolve(watched));
  const names = await readdir(folder).catch((cause) => {
    throw new DissectoryError('NOT_FOUND', `The folder ${folder} cannot be read (${cause.code ?? cause.message}): see that it is there.`, {
      cause,
    });
  });
  const looked = await Promise.all(
    names
      .filter(fits)
      .sort()
      .map(async (name) => [path.join(folder, name), await fingerprint(folder, name, names, isModelFile)] as const),
  );
  return new Map(looked.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** null where it is no model, is empty, or has just gone. */
async function fingerprint(
  folder: string,
  name: string,
  names: readonly string[],
  isModelFile: (name: string) => boolean,
): Promise<string | null> {
  const own = await stat(path.join(folder, name)).catch(() => null);
  if (own?.isDirectory()) return folderFingerprint(path.join(folder, name));
  if (!own?.isFile() || own.size === 0 || !isModelFile(name)) return null;
  return marksOf(
    folder,
    names.filter((one) => belongsTo(one, name)),
  );
}

async function folderFingerprint(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.some((name) => FILES_OF_FOLDERS.includes(name)) ? marksOf(folder, names.sort()) : null;
}

async function marksOf(folder: string, names: readonly string[]): Promise<string> {
  const stats = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => null)));
  return stats.map((one, i) => (one ? `${names[i]} ${mark(one)}` : '')).join('\n');
}

const mark = ({ size, mtimeMs, ino }: Stats) => `${size} ${mtimeMs} ${ino}`;

async function lookAtObjects(watched: string): Promise<Look> {
  const { folder, fits, isModelFile } = wantedOf(watched.replace(/\/$/, ''));
  const below = (await listObjects(`${folder}/`, 'all'))
    .filter(({ size }) => size > 0)
    .map((object) => ({ ...object, name: objectUrl(object).slice(folder.length + 1) }));
  const look = new Map<string, string>();
  for (const { name } of below) {
    const [first, ...rest] = name.split('/');
    if (!fits(first)) continue;
    if (rest.length === 0 && isModelFile(name)) {
      look.set(`${folder}/${name}`, objectMarks(below.filter((one) => !one.name.includes('/') && belongsTo(one.name, name))));
    } else if (rest.length === 1 && FILES_OF_FOLDERS.includes(rest[0])) {
      look.set(`${folder}/${first}/`, objectMarks(below.filter((one) => one.name.startsWith(`${first}/`))));
    }
  }
  return look;
}

const objectMarks = (objects: readonly (ObjectInfo & { name: string })[]) =>
  objects.map(({ name, size, etag }) => `${name} ${size} ${etag}`).join('\n');

const belongsTo = (name: string, model: string) => name.startsWith(`${path.parse(model).name}.`);

/** Which names are meant, and which of them are models where they are files: under a pattern, all. */
function wantedOf(watched: string): { folder: string; fits: (name: string) => boolean; isModelFile: (name: string) => boolean } {
  const isVisible = (name: string) => !name.startsWith('.');
  const pattern = path.basename(watched);
  if (!isPattern(pattern))
    return { folder: watched, fits: isVisible, isModelFile: (name) => ENDINGS.some((ending) => name.endsWith(ending)) };
  return { folder: path.dirname(watched), fits: (name) => isVisible(name) && fitsWildcard(name, pattern), isModelFile: () => true };
}
