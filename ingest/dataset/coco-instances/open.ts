import type { LabelReading } from '../assemble-labels.ts';
import { annotationFiles } from '../coco/annotation-files.ts';
import { addCategories, type CocoPart, type CocoRow, cocoDataset } from '../coco/dataset.ts';
import { readAnnotations } from '../coco/read-annotations.ts';
import { type AnnotationKind, type CocoId, isId, readCocoIndex } from '../coco/read-index.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import type { Report } from '../fault.ts';
import { newStack, rowsFirst, stackRun } from '../stack-layers.ts';
import { eachInside } from './each-inside.ts';

/**
 * Opens COCO's instances: annotations of one category unite, those of several overlap. Crowds count as their category.
 */
export async function openInstances(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const files = annotationFiles(root, 'instances');
  if (files.length === 0) report({ file: 'annotations', line: null, message: 'holds no instances_PART.json' });
  const parts: CocoPart[] = [];
  for (const { file, part } of files) parts.push({ part, index: await readCocoIndex(root, file, instances, report) });
  const list = new ConceptList(['OBJECT'], known);
  const codes = addCategories(parts, list, report);
  const read = (row: CocoRow, told: Report) => readInstances(root, row, codes, told);
  return cocoDataset({ format: 'coco-instances', root, list, voidFor: [], filesOf: () => [], read }, parts, report);
}

const instances: AnnotationKind = {
  nameOf: ({ id }, index) => (isId(id) ? `annotation ${id}` : `annotations[${index}]`),
  check({ category_id: category }, categories, fault) {
    if (!isId(category) || !categories.has(category)) fault(`category_id ${String(category)} is in no categories`);
  },
};

function readInstances(root: string, row: CocoRow, codes: ReadonlyMap<CocoId, number>, report: Report): LabelReading {
  const { height, width } = row;
  const stack = newStack(height, width);
  for (const [i, annotation] of readAnnotations(root, row.annotationFile, row.places).entries()) {
    const code = codes.get(annotation.category_id as CocoId);
    if (code === undefined) continue; // told when the file was opened
    try {
      eachInside(annotation.segmentation, height, width, (from, to) => stackRun(stack, code, from, to));
    } catch (error) {
      const entry = `${instances.nameOf(annotation, i)} of ${row.file}`;
      report({ file: row.annotationFile, line: null, entry, message: (error as Error).message });
    }
  }
  return { layers: rowsFirst(stack), codes: stack.codes };
}
