import { VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { storedValues } from '../encodings/pixel-values.ts';
import type { Report } from '../fault.ts';
import { listFiles, listPictures } from '../list-files.ts';
import { maskDataset } from '../mask-dataset.ts';
import { pairMasks, splitOf } from '../pair-masks.ts';

/** Ids below are void: unlabeled, ego vehicle, rectification border, out of roi, static, dynamic, ground. */
const FIRST = 7;
/** The classes of Cityscapes by their ids, from `FIRST` on. */
const CLASSES = [
  ...['road', 'sidewalk', 'parking', 'rail track', 'building', 'wall', 'fence', 'guard rail', 'bridge', 'tunnel', 'pole', 'polegroup'],
  ...['traffic light', 'traffic sign', 'vegetation', 'terrain', 'sky', 'person', 'rider', 'car', 'truck', 'bus', 'caravan', 'trailer'],
  ...['train', 'motorcycle', 'bicycle'],
];
const LABELS = '_gtFine_labelIds';

/** Opens Cityscapes' fine annotations by their labelIds, in the splits that have them. */
export async function openCityscapes(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const table = new Map(Array.from({ length: FIRST }, (_, id) => [id, VOID]));
  for (const [i, name] of CLASSES.entries()) {
    const index = list.add('OBJECT', name, FIRST + i);
    if (index !== null) table.set(FIRST + i, index + 1);
  }
  const labels = (await listFiles(root, 'gtFine')).filter((file) => file.endsWith(`${LABELS}.png`));
  const splits = new Set(labels.map((file) => file.split('/')[0]));
  const pictures = (await listPictures(root, 'leftImg8bit')).filter((file) => splits.has(file.split('/')[0]));
  const naming = {
    nameMask: (stem: string) => stem.replace(/_leftImg8bit$/, LABELS),
    namePicture: (stem: string) => stem.replace(LABELS, '_leftImg8bit'),
  };
  const pairs = pairMasks({ folder: 'leftImg8bit', files: pictures }, { folder: 'gtFine', files: labels }, report, naming);
  if (pairs.length === 0) report({ file: 'leftImg8bit', line: null, message: `holds no picture that has its ${LABELS}.png in gtFine` });
  const unknown = (id: number) => `id ${id} is none of Cityscapes' (0 to ${FIRST + CLASSES.length - 1}); correct the map`;
  return maskDataset(
    { format: 'cityscapes', root, imageFolder: '', list, voidFor: ['OBJECT'], tables: [] },
    pairs.map((pair) => ({ ...pair, split: splitOf(pair.file) })),
    { valuesOf: storedValues, table, unknown },
    report,
  );
}
