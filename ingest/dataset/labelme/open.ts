import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { codeOf } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import type { Report } from '../fault.ts';
import { isImageName } from '../labelled/image-name.ts';
import { listFiles, stemOf } from '../list-files.ts';
import { readSizes } from '../picture-size.ts';
import { readLines } from '../read-lines.ts';
import { drawShape } from './draw-shape.ts';
import { type LabelmeFile, readLabelme, scenesOf } from './file.ts';

const LABELS = 'labels.txt';

type LabelmeRow = Row & { json: string };

/**
 * Opens a folder of labelme: NAME.json beside its picture. Every file is read for its picture's name; pictures without
 * one do not belong to the set.
 */
export async function openLabelme(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const declared = existsSync(join(root, LABELS)) ? (await readLines(root, LABELS, report)).map(({ text }) => text) : null;
  const all = await listFiles(root, '');
  const files = all.filter((file) => file.endsWith('.json'));
  const pictures: { file: string; json: string }[] = [];
  const jsonOf = new Map<string, string>();
  const labels = new Set<string>();
  const scenes = new Set<string>();
  for (const json of files) {
    const content = await readLabelme(root, json, report);
    if (content === null) continue;
    const file = pictureOf(root, json, content, all);
    if (file === null) {
      const message = 'is missing, and labels are read with their picture beside them; restore it, or correct imagePath';
      report({ file: posix.join(posix.dirname(json), content.imagePath), line: null, entry: `${json}, imagePath`, message });
    } else {
      const twin = jsonOf.get(file);
      if (twin !== undefined) report({ file: json, line: null, message: `labels ${file}, as ${twin} does; keep one of them` });
      else pictures.push({ file, json });
      jsonOf.set(file, twin ?? json);
    }
    for (const { label } of content.shapes) labels.add(label);
    for (const scene of scenesOf(content)) scenes.add(scene);
  }
  if (files.length === 0) report({ file: '.', line: null, message: 'holds no NAME.json' });
  const list = new ConceptList(['OBJECT', 'SCENE'], known);
  const names = [...labels].sort((a, b) => placeIn(declared, a) - placeIn(declared, b) || (a < b ? -1 : 1));
  const codes = new Map(names.map((name) => [name, codeOf(name, () => list.add('OBJECT', name))]));
  for (const [i, scene] of [...scenes].sort().entries()) list.add('SCENE', scene, i + 1);
  const rows: LabelmeRow[] = [];
  for await (const { picture, size } of readSizes(root, pictures, report)) {
    const { json } = picture;
    rows.push({ ...rowOf(rows.length, picture.file, size, { split: '', entry: json }), json });
  }
  return denseDataset<LabelmeRow>({
    format: 'labelme',
    root,
    imageFolder: '',
    list,
    voidFor: ['OBJECT'],
    tables: declared === null ? [] : [LABELS],
    rows,
    filesOf: ({ json }) => [{ file: json, counts: 'bytes' }],
    read: async (row, told) => {
      const content = await readLabelme(root, row.json, told);
      if (content === null) return { layers: [] };
      checkSize(row, content, told);
      const layer = new Uint16Array(row.height * row.width);
      for (const [i, shape] of content.shapes.entries()) {
        const fault = (message: string) => told({ file: row.json, line: null, entry: `shape ${i}`, message });
        const code = codes.get(shape.label) ?? null;
        if (declared !== null && !declared.includes(shape.label)) fault(`has the label "${shape.label}", which is not in ${LABELS}`);
        try {
          if (code !== null) drawShape(layer, shape, row.height, row.width, code);
        } catch (error) {
          fault((error as Error).message);
        }
      }
      const whole = scenesOf(content).map((scene) => list.code('SCENE', scene));
      return { layers: [layer], whole: whole.filter((code) => code !== null).map((code) => code - 1) };
    },
  });
}

const placeIn = (declared: readonly string[] | null, label: string) => {
  const place = declared?.indexOf(label) ?? -1;
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
};

/**
 * The picture that a file names, or one beside it of the same name where its path leads elsewhere; null where there is
 * none.
 */
function pictureOf(root: string, json: string, { imagePath }: LabelmeFile, files: readonly string[]): string | null {
  const folder = posix.dirname(json);
  const named = imagePath.replaceAll('\\', '/');
  const usual = [posix.join(folder, named), posix.join(folder, posix.basename(named))].filter(
    (file) => isImageName(posix.basename(file)) && !file.startsWith('../') && !posix.isAbsolute(file),
  );
  const beside = files.filter((file) => stemOf(file) === stemOf(json) && isImageName(posix.basename(file)));
  return usual.find((file) => existsSync(join(root, file))) ?? beside[0] ?? null;
}

function checkSize(row: LabelmeRow, { imageHeight, imageWidth }: LabelmeFile, report: Report): void {
  const place = { file: row.json, line: null };
  const message = (said: number, is: number) => `is ${said} where ${row.file} has ${is} pixels as shown; correct one of them`;
  if (imageHeight != null && imageHeight !== row.height)
    report({ ...place, entry: 'imageHeight', message: message(imageHeight, row.height) });
  if (imageWidth != null && imageWidth !== row.width) report({ ...place, entry: 'imageWidth', message: message(imageWidth, row.width) });
}
