import { posix } from 'node:path';
import type { LabelReading } from '../assemble-labels.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset, Row } from '../dataset.ts';
import { denseDataset, rowOf } from '../dense-dataset.ts';
import type { Raster } from '../encodings/png.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures, stemOf } from '../list-files.ts';
import { readRaster } from '../mask-dataset.ts';
import { splitOf } from '../pair-masks.ts';
import { readSizes } from '../picture-size.ts';
import { newStack, rowsFirst, stackMask } from '../stack-layers.ts';

interface ClassMask {
  file: string;
  name: string;
}

type MaskedRow = Row & { masks: readonly ClassMask[] };

/**
 * Opens images/STEM.jpg with masks/STEM_CLASS.png, one a class: any value but 0 is inside; no file means not there. A
 * mask belongs to the picture with the longest name that begins its own.
 */
export async function openClassMasks(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const pictures = await listPictures(root, 'images');
  const list = new ConceptList(['OBJECT'], known);
  const found = await findMasks(root, pictures, report);
  for (const name of [...new Set(Array.from(found.values()).flatMap((masks) => masks.map(({ name }) => name)))].sort())
    list.add('OBJECT', name);
  const rows: MaskedRow[] = [];
  const listed = pictures.map((file) => ({ file: `images/${file}`, masks: found.get(file) ?? [] }));
  for await (const { picture, size } of readSizes(root, listed, report)) {
    const { file, masks } = picture;
    rows.push({
      ...rowOf(rows.length, file, size, { split: splitOf(file), entry: file }),
      masks,
    });
  }
  return denseDataset<MaskedRow>({
    format: 'masks-per-class',
    root,
    imageFolder: '',
    list,
    voidFor: [],
    tables: [],
    rows,
    filesOf: ({ masks }) => masks.map(({ file }) => ({ file, counts: 'size' })),
    read: (row, told) => readClassMasks(root, row, list, told),
  });
}

/** The masks of each picture. */
async function findMasks(root: string, pictures: readonly string[], report: Report): Promise<Map<string, ClassMask[]>> {
  const byStem = new Map(pictures.map((file) => [stemOf(file), file]));
  const found = new Map<string, ClassMask[]>();
  for (const file of (await listFiles(root, 'masks')).filter((name) => /\.png$/i.test(name))) {
    const mask = stemOf(file);
    let end = mask.lastIndexOf('_');
    while (end > 0 && !byStem.has(mask.slice(0, end))) end = mask.lastIndexOf('_', end - 1);
    const picture = end > 0 ? byStem.get(mask.slice(0, end)) : undefined;
    if (picture !== undefined)
      found.set(picture, [...(found.get(picture) ?? []), { file: posix.join('masks', file), name: mask.slice(end + 1) }]);
    else {
      const message = 'has no picture: the name of none in images/ begins its own; restore the picture, or remove the mask';
      report({ file: posix.join('masks', file), line: null, message });
    }
  }
  return found;
}

function readClassMasks(root: string, row: MaskedRow, list: ConceptList, report: Report): LabelReading {
  const stack = newStack(row.height, row.width);
  for (const { file, name } of row.masks) {
    const raster = readRaster(root, file, row, report);
    const code = list.code('OBJECT', name);
    if (raster !== null && code !== null) stackMask(stack, code, insideOf(raster));
  }
  return { layers: rowsFirst(stack), codes: stack.codes };
}

/** 1 where any channel but opacity is not 0; columns first. */
function insideOf({ samples, channels, height, width }: Raster): Uint8Array {
  const inside = new Uint8Array(height * width);
  const counted = channels - (channels % 2 === 0 ? 1 : 0);
  for (let y = 0, i = 0; y < height; y++) {
    for (let p = y; p < inside.length; p += height, i += channels) {
      for (let channel = 0; channel < counted; channel++) if (samples[i + channel] !== 0) inside[p] = 1;
    }
  }
  return inside;
}
