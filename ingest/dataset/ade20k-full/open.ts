import { nameClasses } from '../ade/class-names.ts';
import { ADE_CATEGORIES, type AdePicture, type AdeRow, filesOfPicture, findPictures, readAdeMasks, splitBelow } from '../ade/masks.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import type { Report } from '../fault.ts';
import { listFiles } from '../list-files.ts';
import { readPngSize } from '../mask-dataset.ts';
import { readAnnotation } from './annotation.ts';

const FOLDER = 'images/ADE';

/** Opens ADE20K as released in 2021. Every NAME.json is read for its names, unless they are known. */
export async function openAdeFull(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const files = (await listFiles(root, FOLDER)).map((file) => `${FOLDER}/${file}`);
  const pictures = findPictures(files, report);
  const list = new ConceptList(ADE_CATEGORIES, known);
  if (known === undefined) await nameConcepts(root, pictures, list, report);
  const rows: AdeRow[] = [];
  for (const picture of pictures) {
    const size = readPngSize(root, picture.seg, picture.file, report);
    const more = { split: splitBelow(picture.file), entry: picture.seg };
    if (size !== null) rows.push({ ...rowOf(rows.length, picture.file, size, more), ...picture });
  }
  return denseDataset<AdeRow>({
    format: 'ade20k-full',
    root,
    imageFolder: '',
    list,
    voidFor: ['OBJECT', 'PART'],
    tables: [],
    rows,
    filesOf: (row) => [...filesOfPicture(row), { file: namesOf(row), counts: 'bytes' }],
    read: async (row, told) => {
      const annotation = await readAnnotation(root, namesOf(row), row.file, told);
      const scene = annotation?.scene ? list.code('SCENE', annotation.scene) : null;
      return { ...readAdeMasks(root, row, list, 'JSON', told), whole: scene === null ? [] : [scene - 1] };
    },
  });
}

const namesOf = ({ stem }: AdePicture) => `${stem}.json`;

/**
 * Concepts by class number, then scenes. Every class may be an object and a part: which it is, the file says that shows
 * it. Reports a number with two names.
 */
async function nameConcepts(root: string, pictures: readonly AdePicture[], list: ConceptList, report: Report): Promise<void> {
  const names = new Map<number, string>();
  const scenes = new Set<string>();
  for (const picture of pictures) {
    const annotation = await readAnnotation(root, namesOf(picture), picture.file, report);
    if (annotation?.scene) scenes.add(annotation.scene);
    for (const { name, number } of annotation?.objects ?? []) {
      const before = names.get(number) ?? name;
      const message = `names class ${number} "${name}", another "${before}"; use one name`;
      if (before !== name) report({ file: namesOf(picture), line: null, entry: `class ${number}`, message });
      names.set(number, before);
    }
  }
  const named = [...nameClasses(names)].sort(([a], [b]) => a - b);
  for (const category of ['OBJECT', 'PART']) for (const [number, { name, synonyms }] of named) list.add(category, name, number, synonyms);
  for (const [i, scene] of [...scenes].sort().entries()) list.add('SCENE', scene, i + 1);
}
