import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import { matrixOf } from '../encodings/mat-matrix.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { pairMasks } from '../pair-masks.ts';
import { readSizes } from '../picture-size.ts';
import { readMatFile } from '../read-mat.ts';
import { newStack, rowsFirst, stackMask } from '../stack-layers.ts';
import { objectsOf } from './objects.ts';

const MASKS = 'Annotations_Part';

type PartRow = Row & { masks: string };

/**
 * Opens Pascal-Part: objects and their parts, each mask whole. Every file is read for its names, unless they are known.
 */
export async function openPascalPart(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const pictures = { folder: 'JPEGImages', files: await listPictures(root, 'JPEGImages') };
  const masks = { folder: MASKS, files: (await listFiles(root, MASKS)).filter((file) => file.endsWith('.mat')) };
  const pairs = pairMasks(pictures, masks, report, { isOptional: true });
  if (pairs.length === 0) report({ file: MASKS, line: null, message: 'holds no NAME.mat of a picture in JPEGImages' });
  const list = new ConceptList(['OBJECT', 'PART'], known);
  if (known === undefined)
    nameConcepts(
      root,
      pairs.map(({ mask }) => mask),
      list,
      report,
    );
  const rows: PartRow[] = [];
  for await (const { picture, size } of readSizes(root, pairs, report)) {
    const { mask } = picture;
    rows.push({ ...rowOf(rows.length, picture.file, size, { split: '', entry: mask }), masks: mask });
  }
  return denseDataset<PartRow>({
    format: 'pascal-part',
    root,
    imageFolder: '',
    list,
    voidFor: [],
    tables: [],
    rows,
    filesOf: (row) => [{ file: row.masks, counts: 'size' }],
    read: (row, told) => {
      const stack = newStack(row.height, row.width);
      const draw = (objects: ReturnType<typeof objectsOf>) => {
        for (const { category, name, mask } of objects) {
          const code = list.code(category, name);
          if (code !== null) stackMask(stack, code, matrixOf(mask, `the mask of ${name}`, row));
        }
      };
      readMatFile(root, row.masks, row, (variables) => draw(objectsOf(variables)), told);
      return { layers: rowsFirst(stack), codes: stack.codes };
    },
  });
}

/** Objects by their numbers, then parts by their names. */
function nameConcepts(root: string, files: readonly string[], list: ConceptList, report: Report): void {
  const objects = new Map<string, number | null>();
  const parts = new Set<string>();
  for (const file of files) {
    for (const { category, name, number } of readMatFile(root, file, null, objectsOf, report) ?? []) {
      if (category === 'OBJECT') objects.set(name, number);
      else parts.add(name);
    }
  }
  const byNumber = [...objects].sort(([a, m], [b, n]) => (m ?? 0) - (n ?? 0) || (a < b ? -1 : 1));
  for (const [name, number] of byNumber) list.add('OBJECT', name, number ?? undefined);
  for (const [i, name] of [...parts].sort().entries()) list.add('PART', name, i + 1);
}
