import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import type { Report } from '../fault.ts';
import { newStack, rowsFirst } from '../stack-layers.ts';
import { ANNOTATIONS, type CvatImage, readCvatIndex } from './read-index.ts';
import { inPaintingOrder, paintShape, readShapes } from './shapes.ts';

type CvatRow = Row & { image: CvatImage };

/** Opens CVAT for images 1.1: shapes are painted by `z_order`, hidden pixels are gone; tags are scenes. */
export async function openCvat(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const { labels, images } = await readCvatIndex(root, report);
  const list = new ConceptList(['OBJECT', 'SCENE'], known);
  const codes = new Map(labels.map((label, i) => [label, codeOf(label, () => list.add('OBJECT', label, i + 1))]));
  for (const [i, label] of labels.entries()) list.add('SCENE', label, i + 1);
  const rows: CvatRow[] = [];
  for (const image of images) {
    const file = fileOf(root, image);
    const entry = `${ANNOTATIONS}, image ${image.name}`;
    if (file !== null) rows.push({ ...rowOf(rows.length, file, image, { split: '', entry }), image });
    else report({ file: `images/${image.name}`, line: null, entry, message: 'is missing; restore it, or remove its entry' });
  }
  return denseDataset<CvatRow>({
    format: 'cvat',
    root,
    imageFolder: '',
    list,
    voidFor: ['OBJECT'],
    tables: [ANNOTATIONS],
    rows,
    filesOf: () => [],
    read: ({ image, height, width }, told) => {
      const stack = newStack(height, width);
      const shapes = readShapes(root, image);
      const whole: number[] = [];
      for (const shape of inPaintingOrder(shapes)) {
        const fault = (message: string) => told({ file: ANNOTATIONS, line: null, entry: shape.entry, message });
        const code = codes.get(shape.label);
        if (code === undefined) fault(`has the label "${shape.label}", which is not among the labels of the task`);
        try {
          const scene = shape.type === 'tag' ? list.code('SCENE', shape.label) : null;
          if (scene !== null) whole.push(scene - 1);
          else if (shape.type !== 'tag' && code != null) paintShape(stack, shape, code);
        } catch (error) {
          fault((error as Error).message);
        }
      }
      return { layers: rowsFirst(stack), whole };
    },
  });
}

/** Where the picture of an entry lies; null where it is missing. */
function fileOf(root: string, { name, subset }: CvatImage): string | null {
  const usual = [...(subset === null ? [] : [`images/${subset}/${name}`]), `images/${name}`, name];
  return usual.find((file) => existsSync(join(root, file))) ?? null;
}
