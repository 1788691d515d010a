import { posix } from 'node:path';
import type { LabelReading } from '../assemble-labels.ts';
import { annotationFiles } from '../coco/annotation-files.ts';
import { addCategories, type CocoPart, type CocoRow, cocoDataset } from '../coco/dataset.ts';
import { readAnnotations } from '../coco/read-annotations.ts';
import { type AnnotationKind, type CocoId, isId, type Loose, readCocoIndex } from '../coco/read-index.ts';
import { VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { colours, type RowValues } from '../encodings/pixel-values.ts';
import type { Raster } from '../encodings/png.ts';
import type { Report } from '../fault.ts';
import { stemOf } from '../list-files.ts';
import { readMask } from '../mask-dataset.ts';

/**
 * Opens COCO's panoptic segmentation: a pixel's colour is a segment's id, whose category `segments_info` gives; 0 is
 * void.
 */
export async function openPanoptic(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const files = annotationFiles(root, 'panoptic');
  if (files.length === 0) report({ file: 'annotations', line: null, message: 'holds no panoptic_PART.json' });
  const parts: CocoPart[] = [];
  const maps = new Map<string, string>();
  for (const { file, part } of files) {
    const index = await readCocoIndex(root, file, segmentsOf(file, maps), report);
    parts.push({ part, index });
    for (const { id, fileName } of index.images) {
      const count = (index.annotations.get(id)?.length ?? 0) / 2;
      const message = `has ${count} annotations; a picture has one segmentation`;
      if (count !== 1) report({ file, line: null, entry: `image ${id}, ${fileName}`, message });
    }
  }
  const list = new ConceptList(['OBJECT'], known);
  const codes = addCategories(parts, list, report);
  const mapOf = (row: CocoRow) => posix.join(stemOf(row.annotationFile), maps.get(keyOf(row.annotationFile, row.imageId)) ?? '');
  const filesOf = (row: CocoRow) => [{ file: mapOf(row), counts: 'size' }] as const;
  const read = (row: CocoRow, told: Report) => readSegments(root, mapOf(row), row, codes, told);
  return cocoDataset({ format: 'coco-panoptic', root, list, voidFor: ['OBJECT'], filesOf, read }, parts, report);
}

const keyOf = (file: string, imageId: unknown) => `${file}\0${String(imageId)}`;

/** @param maps filled with each image's label map */
function segmentsOf(file: string, maps: Map<string, string>): AnnotationKind {
  return {
    nameOf: ({ file_name: name }) => String(name),
    check({ file_name: name, image_id: imageId, segments_info: segments }, categories, fault) {
      if (typeof name !== 'string' || name.split('/').includes('..') || !Array.isArray(segments))
        return fault('lacks file_name or segments_info');
      maps.set(keyOf(file, imageId), name);
      const seen = new Set<unknown>();
      for (const { id, category_id: category } of segments as Loose[]) {
        const entry = `${name}, segment ${String(id)}`;
        if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > 0xffffff) fault('is no id of three bytes', entry);
        if (seen.has(id)) fault('has an id that another segment of the picture has; ids must differ', entry);
        if (!isId(category) || !categories.has(category)) fault(`category_id ${String(category)} is in no categories`, entry);
        seen.add(id);
      }
    },
  };
}

function readSegments(root: string, map: string, row: CocoRow, codes: ReadonlyMap<CocoId, number>, report: Report): LabelReading {
  const [annotation] = readAnnotations(root, row.annotationFile, row.places);
  const segments = (annotation?.segments_info ?? []) as { id: number; category_id: CocoId }[];
  const table = new Map(segments.map(({ id, category_id: category }) => [id, codes.get(category)] as const).filter(isKnown));
  const unknown = (id: number) => `id ${id} is in no segments_info of ${row.annotationFile}; add the segment, or correct the map`;
  const read = readMask(root, map, row, { valuesOf: ids, table: table.set(0, VOID), unknown }, report);
  return read === null ? { layers: [] } : { layers: [read.layer], codes: read.codes };
}

const isKnown = (pair: readonly [number, number | undefined]): pair is readonly [number, number] => pair[1] !== undefined;

/** Segment ids: red, and green times 256, and blue times 65,536. */
const ids = (raster: Raster): RowValues => colours(raster, { red: 0, green: 8, blue: 16 });
