import { DissectoryError } from '../../core/errors.ts';
import { format as adeChallenge } from './ade-challenge/format.ts';
import { format as ade20k2016 } from './ade20k-2016/format.ts';
import { format as ade20kFull } from './ade20k-full/format.ts';
import { format as broden } from './broden/format.ts';
import { format as cityscapes } from './cityscapes/format.ts';
import { format as cocoInstances } from './coco-instances/format.ts';
import { format as cocoPanoptic } from './coco-panoptic/format.ts';
import { format as cvat } from './cvat/format.ts';
import { format as fiftyone } from './fiftyone/format.ts';
import type { DatasetFormat } from './format.ts';
import { format as labelme } from './labelme/format.ts';
import { format as mapillary } from './mapillary/format.ts';
import { format as mapillaryV12 } from './mapillary-v1.2/format.ts';
import { format as mapillaryV2 } from './mapillary-v2/format.ts';
import { format as masks } from './masks/format.ts';
import { format as masks16bit } from './masks-16bit/format.ts';
import { format as masksPerClass } from './masks-per-class/format.ts';
import { format as masksRgb } from './masks-rgb/format.ts';
import { format as pascalContext } from './pascal-context/format.ts';
import { format as pascalPart } from './pascal-part/format.ts';
import type { Place } from './place.ts';
import { format as textures } from './textures/format.ts';
import { format as texturesPlain } from './textures-plain/format.ts';
import { format as voc } from './voc/format.ts';
import { format as vocLabelmap } from './voc-labelmap/format.ts';

/** Every format that can be read, in the order in which a place is tried. To add one is a folder and a line here. */
export const formats: DatasetFormat[] = [
  broden,
  cocoPanoptic,
  cocoInstances,
  ade20kFull,
  ade20k2016,
  adeChallenge,
  vocLabelmap,
  pascalContext,
  pascalPart,
  voc,
  cityscapes,
  mapillaryV2,
  mapillaryV12,
  mapillary,
  cvat,
  masksRgb,
  masks16bit,
  masks,
  masksPerClass,
  fiftyone,
  textures,
  labelme,
  texturesPlain,
];

/** Throws BAD_INPUT where there is no such format. */
export function formatNamed(name: string): DatasetFormat {
  const found = formats.find((format) => format.name === name);
  if (found) return found;
  throw new DissectoryError('BAD_INPUT', `There is no format "${name}": the formats are ${formats.map((one) => one.name).join(', ')}.`);
}

/** The format of what lies at a place. Throws BAD_DATASET where none is recognised. */
export async function recogniseFormat(place: Place): Promise<DatasetFormat> {
  for (const format of formats) if (await format.recognise(place)) return format;
  const names = await place.list('');
  const found =
    names.length === 0 ? 'it is empty or missing' : `it holds ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
  const known = formats.map(({ name, description }) => `${name} (${description})`).join('; ');
  throw new DissectoryError('BAD_DATASET', `${place.name} is no dataset of a known format: ${found}. Known formats: ${known}.`);
}
