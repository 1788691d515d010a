import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { nameClasses } from '../ade/class-names.ts';
import { type ClassLine, meaningOfClasses } from '../class-table.ts';
import { VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { storedValues } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures, stemOf } from '../list-files.ts';
import { maskDataset } from '../mask-dataset.ts';
import { pairMasks, splitOf } from '../pair-masks.ts';
import { readLines } from '../read-lines.ts';

export const OBJECTS = 'objectInfo150.txt';
const SCENES = 'sceneCategories.txt';

/** Opens the scene parsing challenge's set: a value is a row's `Idx`, 0 is other. */
export async function openAdeChallenge(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT', 'SCENE'], known);
  const table = meaningOfClasses(OBJECTS, await readObjects(root, report), list, 'OBJECT', (value) => `value ${value}`, report);
  table.set(0, VOID);
  const scenes = await readScenes(root, report);
  for (const [i, scene] of [...new Set(scenes.values())].sort().entries()) list.add('SCENE', scene, i + 1);
  const pictures = { folder: 'images', files: await listPictures(root, 'images') };
  const masks = { folder: 'annotations', files: (await listFiles(root, 'annotations')).filter((file) => file.endsWith('.png')) };
  const pairs = pairMasks(pictures, masks, report);
  if (pairs.length === 0) report({ file: 'images', line: null, message: 'holds no picture that has a map in annotations' });
  const whole = (file: string) => {
    const scene = scenes.get(stemOf(posix.basename(file)));
    const code = scene === undefined ? null : list.code('SCENE', scene);
    return code === null ? [] : [code - 1];
  };
  const tables = scenes.size === 0 ? [OBJECTS] : [OBJECTS, SCENES];
  const unknown = (value: number) => `value ${value} is in no row of ${OBJECTS}; correct the map`;
  return maskDataset(
    { format: 'ade-challenge', root, imageFolder: '', list, voidFor: ['OBJECT'], tables },
    pairs.map((pair) => ({ ...pair, split: splitOf(pair.file), whole: whole(pair.file) })),
    { valuesOf: storedValues, table, unknown },
    report,
  );
}

/** Reads the table, whose columns are parted by tabs; stray spaces follow some of its fields. */
async function readObjects(root: string, report: Report): Promise<ClassLine[]> {
  const [header, ...lines] = await readLines(root, OBJECTS, report);
  const columns = header?.text.split('\t').map((name) => name.trim()) ?? [];
  const [index, name] = [columns.indexOf('Idx'), columns.indexOf('Name')];
  if (header !== undefined && (index < 0 || name < 0)) {
    report({ file: OBJECTS, line: header.line, message: 'lacks the columns Idx and Name, parted by tabs' });
    return [];
  }
  const rows = lines.flatMap(({ line, text }) => {
    const fields = text.split('\t').map((field) => field.trim());
    const value = Number(fields[index]);
    if (Number.isInteger(value) && value > 0 && fields[name]) return { value, synonyms: fields[name], line };
    report({ file: OBJECTS, line, message: `"${text}" is no class: it needs a number above 0 and a name` });
    return [];
  });
  const lists = new Map(rows.map(({ value, synonyms }) => [value, synonyms]));
  const named = nameClasses(lists);
  return rows.map(({ value, line, synonyms }) => ({ value, line, ...(named.get(value) ?? { name: synonyms, synonyms: [] }) }));
}

/** The scene by a picture's name; empty where the set has no list of them. */
async function readScenes(root: string, report: Report): Promise<Map<string, string>> {
  const scenes = new Map<string, string>();
  if (!existsSync(join(root, SCENES))) return scenes;
  for (const { line, text } of await readLines(root, SCENES, report)) {
    const [picture, scene] = text.split(/\s+/);
    const before = scenes.get(picture);
    if (scene === undefined) report({ file: SCENES, line, message: `"${text}" names no scene` });
    else if (before !== undefined && before !== scene)
      report({ file: SCENES, line, message: `calls ${picture} "${scene}" and before "${before}"` });
    else scenes.set(picture, scene);
  }
  return scenes;
}
