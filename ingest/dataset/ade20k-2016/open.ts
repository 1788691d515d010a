import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { nameClasses } from '../ade/class-names.ts';
import { ADE_CATEGORIES, type AdePicture, type AdeRow, filesOfPicture, findPictures, readAdeMasks, splitBelow } from '../ade/masks.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import { readMat } from '../encodings/mat.ts';
import { type Report, whyUnreadable } from '../fault.ts';
import { listFiles } from '../list-files.ts';
import { readPngSize } from '../mask-dataset.ts';

const INDEX = 'index_ade20k.mat';

/** Opens ADE20K as released in 2016: classes have the names of index_ade20k.mat, scenes those of the folders. */
export async function openAde2016(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const files = (await listFiles(root, 'images')).map((file) => `images/${file}`);
  const pictures = findPictures(files, report);
  const all = new Set(files);
  for (const { stem, seg } of pictures) {
    const names = `${stem}_atr.txt`;
    if (!all.has(names)) report({ file: names, line: null, entry: seg, message: 'is missing; restore it, or remove the picture' });
  }
  const list = new ConceptList(ADE_CATEGORIES, known);
  if (known === undefined) {
    const named = nameClasses(await readNames(root, report));
    for (const category of ['OBJECT', 'PART']) for (const [number, { name, synonyms }] of named) list.add(category, name, number, synonyms);
    for (const [i, scene] of [...new Set(pictures.map(sceneOf))].sort().entries()) list.add('SCENE', scene, i + 1);
  }
  const rows: AdeRow[] = [];
  for (const picture of pictures) {
    const size = readPngSize(root, picture.seg, picture.file, report);
    const more = { split: splitBelow(picture.file), entry: picture.seg };
    if (size !== null) rows.push({ ...rowOf(rows.length, picture.file, size, more), ...picture });
  }
  return denseDataset<AdeRow>({
    format: 'ade20k-2016',
    root,
    imageFolder: '',
    list,
    voidFor: ['OBJECT', 'PART'],
    tables: [INDEX],
    rows,
    filesOf: (row) => [...filesOfPicture(row), { file: `${row.stem}_atr.txt`, counts: 'bytes' }],
    read: (row, told) => {
      const scene = list.code('SCENE', sceneOf(row));
      return { ...readAdeMasks(root, row, list, INDEX, told), whole: scene === null ? [] : [scene - 1] };
    },
  });
}

/** The folders between the letter and the picture: images/training/b/beach/NAME.jpg shows a beach. */
const sceneOf = ({ file }: AdePicture) => posix.dirname(file).split('/').slice(3).join('/');

/** Synonyms by class number: the n-th of `objectnames` are those of class n. */
async function readNames(root: string, report: Report): Promise<Map<number, string>> {
  try {
    const index = readMat(await readFile(join(root, INDEX))).get('index');
    const names = index?.kind === 'structs' ? index.structs[0]?.objectnames : undefined;
    if (names?.kind !== 'cells') throw new Error('has no index.objectnames');
    const texts = names.cells.map((cell) => (cell.kind === 'text' ? cell.text.trim() : ''));
    return new Map(texts.map((text, i) => [i + 1, text] as const).filter(([, text]) => text !== ''));
  } catch (error) {
    const message = (error as { code?: string }).code === 'ENOENT' ? whyUnreadable(error) : (error as Error).message;
    report({ file: INDEX, line: null, message });
    return new Map();
  }
}
