import { NONE, VOID } from '../codes.ts';
import { ConceptList } from '../concept-list.ts';
import type { Concept, DenseDataset } from '../dataset.ts';
import { type RowValues, storedValues } from '../encodings/pixel-values.ts';
import type { Raster } from '../encodings/png.ts';
import type { Report } from '../fault.ts';
import { maskDataset } from '../mask-dataset.ts';
import { listedPictures } from './lists.ts';

/** The classes of Pascal VOC, by their numbers from 1. */
export const VOC_CLASSES =
  'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );

/** Opens Pascal VOC's segmentation: 1 to 20 are its classes, 0 is background, 255 is void. */
export async function openVoc(root: string, report: Report, known?: readonly Concept[]): Promise<DenseDataset> {
  const list = new ConceptList(['OBJECT'], known);
  const table = new Map([
    [0, NONE],
    [255, VOID],
  ]);
  for (const [i, name] of VOC_CLASSES.entries()) {
    const index = list.add('OBJECT', name, i + 1);
    if (index !== null) table.set(i + 1, index + 1);
  }
  const { pictures, tables } = await listedPictures(root, report);
  const unknown = (value: number) => `index ${value} is none of VOC's classes (1 to 20), nor 0 or 255; correct the map`;
  return maskDataset(
    { format: 'voc', root, imageFolder: '', list, voidFor: ['OBJECT'], tables },
    pictures,
    { valuesOf: indices, table, unknown },
    report,
  );
}

function indices(raster: Raster): RowValues {
  if (raster.channels <= 2) return storedValues(raster);
  throw new Error('holds colours and no palette: what they mean must stand in labelmap.txt (name:r,g,b::), which is missing');
}
