import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../../ingest/dataset/broden/labels.ts';
import { refuse } from '../../../ingest/dataset/fault.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { sharedPath } from '../../shared.ts';
import { INDEX_HEADER, labelPng, rgb, smallBroden } from './small.ts';

const tiny = join(import.meta.dirname, '../../fixtures/broden-tiny');

/** `a.png`'s labels with its part map (2 x 3) replaced. */
async function withPartMap(bytes: Uint8Array) {
  const broden = await openDense(await smallBroden({ 'images/a_part.png': bytes }));
  return { broden, labels: broden.readLabels(broden.rows[0]) };
}

describe('readLabels', () => {
  it('gives every map as concept index + 1, two maps of one category apart', async () => {
    const broden = await openDense(await smallBroden());
    const labels = await broden.readLabels(broden.rows[0]);
    expect(labels).toMatchObject({ height: 2, width: 3 });
    expect(labels.maps.map((map) => [...map])).toEqual([
      [1, 1, 1, 1, 1, 1],
      [0, 2, 0, 0, 2, 0],
      [0, 4, 0, 0, 0, 5],
    ]);
  });

  it('reads one label number from each category by its own', async () => {
    const broden = await openDense(await smallBroden());
    const { maps } = await broden.readLabels(broden.rows[1]);
    expect(maps.map((map) => [...map])).toEqual([[3, 3, 3, 1]]);
  });

  it('gives whole-image labels once each, as concept indices', async () => {
    const broden = await openDense(await smallBroden({ 'index.csv': `${INDEX_HEADER}\nc.png,val,1,3,1,1,6;5;6,,\n` }));
    const labels = await broden.readLabels(broden.rows[0]);
    expect([...labels.whole]).toEqual([6, 5]);
    expect(labels.maps).toEqual([]);
  });

  it('tells which categories an image carries', async () => {
    const broden = await openDense(await smallBroden());
    const present = await Promise.all(broden.rows.map(async (row) => (await broden.readLabels(row)).present));
    const [object, part, scene] = [0, 1, 2];
    expect(present).toEqual([[object, part, scene], [object], [scene]]);
  });

  it('does not count a category whose maps hold no label, or whose labels are 0', async () => {
    const empty = await labelPng([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const broden = await openDense(
      await smallBroden({
        'images/a_part.png': empty,
        'index.csv': `${INDEX_HEADER}\na.png,val,4,6,2,3,0,a_object_1.png,a_part.png\n`,
      }),
    );
    const labels = await broden.readLabels(broden.rows[0]);
    expect(labels.present).toEqual([0]);
    expect(labels.maps).toHaveLength(2);
  });

  it.each([
    ['RGBA, whatever the alpha', (image: Sharp) => image.ensureAlpha(0).png()],
    ['a palette', (image: Sharp) => image.png({ palette: true })],
    ['interlaced', (image: Sharp) => image.png({ progressive: true })],
    ['with row filters', (image: Sharp) => image.png({ adaptiveFiltering: true })],
  ])('reads a map that is %s', async (_, encode) => {
    const image = rgb(2, 3, [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 9]);
    const { labels } = await withPartMap(await encode(image).toBuffer());
    expect([...(await labels).maps[2]]).toEqual([0, 4, 0, 0, 5, 5]);
  });

  it('reads back every label of 16 bits from either channel', async () => {
    const size = fc.integer({ min: 1, max: 20 });
    const label = fc.integer({ min: 0, max: 65535 });
    const map = fc.tuple(size, size).chain(([height, width]) =>
      fc.record({
        height: fc.constant(height),
        width: fc.constant(width),
        labels: fc.array(label, { minLength: height * width, maxLength: height * width }),
        adaptiveFiltering: fc.boolean(),
      }),
    );
    const root = await smallBroden();
    await fc.assert(
      fc.asyncProperty(map, async ({ height, width, labels, adaptiveFiltering }) => {
        const pixels = labels.flatMap((number) => [number & 255, number >> 8, 77]);
        await rgb(height, width, pixels).png({ adaptiveFiltering }).toFile(join(root, 'images/any.png'));
        const { concepts, read } = await readOneMap(root, 'any.png', height, width, [...new Set(labels)]);
        const numbers = Array.from(read.maps[0], (concept) => (concept === 0 ? 0 : concepts[concept - 1].number));
        expect(numbers).toEqual(labels);
      }),
      { numRuns: 60 },
    );
  });

  it('reads broden-tiny-g, the same with numbers above 255, to the concepts of broden-tiny', async () => {
    const green = sharedPath('zoo/broden-tiny-g');
    if (green === null) return;
    const [low, high] = await Promise.all([openDense(tiny), openDense(green)]);
    expect(high.concepts.map(({ number, ...concept }) => ({ ...concept, number: number - 240 }))).toEqual(low.concepts);
    for (const [i, row] of low.rows.entries()) expect(await high.readLabels(high.rows[i])).toEqual(await low.readLabels(row));
  });
});

describe('readLabels refuses', () => {
  const refused = async (bytes: Uint8Array, message: string) => {
    const { broden, labels } = await withPartMap(bytes);
    await expect(labels).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining(`${join(broden.root, 'images/a_part.png')} (index.csv, line 2): ${message}`),
    });
  };

  it('a map of the wrong size, naming file and row', async () =>
    refused(
      await labelPng([
        [2, 0],
        [0, 2],
        [0, 2],
      ]),
      'is 3 x 2 pixels (height x width) where its row says 2 x 3 (sh x sw); correct one of them',
    ));

  it('a label that the category lacks, with its pixel, telling whether label.csv knows it', async () => {
    await refused(
      await labelPng([
        [0, 2, 4],
        [0, 0, 300],
      ]),
      'row 1, column 2 (from 0): label 300 is not in c_part.csv, though label.csv knows it as "boat"; add it or correct the label',
    );
    await refused(
      await labelPng([
        [0, 4000, 0],
        [0, 0, 0],
      ]),
      'row 0, column 1 (from 0): label 4000 is not in c_part.csv, nor is it in label.csv',
    );
  });

  it('a greyscale map, a map of 16 bits a channel, an image that is no PNG', async () => {
    const grey = sharp(Uint8Array.of(0, 2, 0, 0, 0, 4), { raw: { height: 2, width: 3, channels: 1 } });
    await refused(await grey.toColourspace('b-w').png().toBuffer(), 'is no readable label map: is greyscale; a label is red + 256 * green');
    const deep = sharp(new Uint16Array(18), { raw: { height: 2, width: 3, channels: 3 } }).toColourspace('rgb16');
    await refused(await deep.png().toBuffer(), 'is no readable label map: has 16 bits a channel where 8 are asked for');
    await refused(await rgb(2, 3, Array(18).fill(0)).jpeg().toBuffer(), 'is no readable label map: is no PNG');
  });

  it('a map that is empty, text, truncated or damaged', async () => {
    const sound = await labelPng(Array(40).fill(Array(30).fill([0, 2, 4]).flat()));
    for (const bytes of [
      new Uint8Array(),
      Buffer.from('not an image at all, but quite a long text'),
      sound.subarray(0, 60),
      sound.subarray(0, 20),
    ])
      await refused(bytes, 'is no readable label map: ');
    const damaged = Buffer.from(sound);
    damaged[60] ^= 0x55;
    await refused(damaged, 'is no readable label map: ');
  });

  it('a map that has gone since the dataset was opened', async () => {
    const broden = await openDense(await smallBroden());
    await rm(join(broden.root, 'images/a_part.png'));
    await expect(broden.readLabels(broden.rows[0])).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: `${join(broden.root, 'images/a_part.png')} (index.csv, line 2): is missing; unpack the dataset again or correct the path`,
    });
  });
});

/** What one image with one object map and these labels is labelled with. */
async function readOneMap(root: string, map: string, height: number, width: number, numbers: number[]) {
  const concepts = numbers
    .filter((number) => number !== 0)
    .map((number, index) => ({
      index,
      category: 'OBJECT',
      number,
      name: `label ${number}`,
      synonyms: [],
      frequency: 1,
      coverage: 1,
    }));
  const size = { height, width, maskHeight: height, maskWidth: width };
  const labels = new Map([['OBJECT', [map]]]);
  const row = { index: 0, line: 2, entry: 'index.csv, line 2', file: 'any.png', split: 'train', ...size, labels };
  const read = await readLabels(root, { categories: ['OBJECT'], concepts, labelNames: new Map() }, row, refuse(root));
  return { concepts, read };
}
