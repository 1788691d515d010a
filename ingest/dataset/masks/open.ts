import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { storedValues } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { type MaskMeaning, maskDataset } from '../mask-dataset.ts';
import { pairMasks, splitOf } from '../pair-masks.ts';
import { CLASSES, readClasses } from './classes.ts';

/** images/ and masks/ with a table of what the maps' values mean. */
export async function openMaskFolder(
  format: string,
  root: string,
  tables: readonly string[],
  list: ConceptList,
  meaning: MaskMeaning,
  report: Report,
): Promise<DenseDataset> {
  const pictures = { folder: 'images', files: await listPictures(root, 'images') };
  const masks = { folder: 'masks', files: (await listFiles(root, 'masks')).filter((file) => /\.png$/i.test(file)) };
  const pairs = pairMasks(pictures, masks, report);
  if (pairs.length === 0) report({ file: 'images', line: null, message: 'holds no picture that has a label map in masks' });
  const common = { format, root, imageFolder: '', list, voidFor: ['OBJECT'], tables };
  return maskDataset(
    common,
    pairs.map((pair) => ({ ...pair, split: splitOf(pair.file) })),
    meaning,
    report,
  );
}

/** Opens a folder of grey or palette masks, 8 or 16 bits deep. */
export async function openMasks(format: string, root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const table = await readClasses(root, list, report);
  const unknown = (value: number) => `value ${value} is not in ${CLASSES}; add it there or correct the map`;
  return openMaskFolder(format, root, [CLASSES], list, { valuesOf: storedValues, table, unknown }, report);
}
