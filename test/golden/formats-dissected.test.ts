/** The same pictures and pixels in several formats must give the same integers. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatNamed } from '../../ingest/dataset/formats.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import { surveyDataset } from '../../ingest/dataset/survey.ts';
import { dissectFile } from '../dissect-file.ts';
import { ALEXNET } from '../ingest/places.ts';
import { sharedPath } from '../shared.ts';

const root = sharedPath('formats');

/** Formats that have the same 40 picture files, by what they say of a pixel without a label. */
const SAYING = {
  'every unlabelled pixel is void': ['coco-panoptic', 'ade20k-full', 'ade20k-2016', 'ade-challenge'],
  'some are void, the others background': ['masks-16bit', 'masks-rgb'],
  'objects overlap': ['coco-instances', 'masks-per-class'],
};

/** How ADE20K, COCO and masks by class spell what the others call so. */
const SPELT = new Map([
  ['bank, depository financial institution', 'bank'],
  ['bank, sloping land', 'river bank'],
  ['teddy', 'teddy bear'],
  ['sky-other', 'sky'],
  ['wall-merged', 'wall'],
]);

/** Intersection and union of every unit with each object, by name. */
async function dissected(format: string) {
  const folder = path.join(root as string, format);
  const first = await openDense(folder);
  expect(first.format).toBe(format);
  const dataset = await openDense(folder, formatNamed(format), await surveyDataset(first, () => {}));
  const work = mkdtempSync(path.join(tmpdir(), 'dissectory-formats-'));
  const [{ parts, pixels, layer }] = await dissectFile(ALEXNET, dataset, ['conv1'], [0.02], work);
  const { intersections, activated } = parts.iou;
  const found: Record<string, { intersections: number[]; unions: number[] }> = {};
  for (const { category, name, index } of dataset.concepts) {
    if (category !== 'OBJECT') continue;
    const own = Array.from({ length: layer.units }, (_, unit) => intersections[unit * (pixels.length + 1) + index + 1]);
    const carried = (unit: number) => activated[unit * dataset.categories.length + dataset.categories.indexOf('OBJECT')];
    const unions = own.map((intersection, unit) => carried(unit) + pixels[index] - intersection);
    found[SPELT.get(name) ?? name.replaceAll('_', ' ')] = { intersections: own, unions };
  }
  return found;
}

test.skipIf(root === null)(
  'one network over the same scenes gives the same integers, whatever the format',
  async () => {
    const [panoptic, ...alike] = SAYING['every unlabelled pixel is void'];
    const full = await dissected(panoptic);
    expect(Object.keys(full)).toHaveLength(25);
    const integers = Object.values(full).reduce((sum, { unions }) => sum + 2 * unions.length, 0);
    for (const format of alike) expect(await dissected(format), format).toEqual(full);
    const [deep, ...others] = SAYING['some are void, the others background'];
    const partly = await dissected(deep);
    for (const format of others) expect(await dissected(format), format).toEqual(partly);
    // What is background where others say void adds to unions alone
    for (const [name, { intersections, unions }] of Object.entries(partly)) {
      expect(intersections).toEqual(full[name].intersections);
      expect(unions.every((union, unit) => union >= full[name].unions[unit])).toBe(true);
    }
    expect(Object.entries(partly).some(([name, { unions }]) => unions.some((union, unit) => union > full[name].unions[unit]))).toBe(true);
    const [instances, perClass] = SAYING['objects overlap'];
    expect(await dissected(perClass)).toEqual(await dissected(instances));
    console.log(`${integers} integers of ${panoptic} equal in ${alike.join(', ')}`);
  },
  600_000,
);
