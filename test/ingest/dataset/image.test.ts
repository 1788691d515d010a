import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeLabelPng } from '../../../ingest/dataset/broden/label-png.ts';
import { fitImage } from '../../../ingest/dataset/image.ts';
import { openDense } from '../../../ingest/dataset/open.ts';
import { sharedPath } from '../../shared.ts';
import { rgb, smallBroden } from './small.ts';

/** A dataset and its row of `a.png`, whose file holds `bytes`. */
async function rowOf(bytes: Uint8Array) {
  const dataset = await openDense(await smallBroden({ 'images/a.png': bytes }));
  return [dataset, dataset.rows[0]] as const;
}

async function read(bytes: Uint8Array, height: number, width: number): Promise<number[]> {
  const [dataset, row] = await rowOf(bytes);
  return [...(await dataset.readImage(row, height, width))];
}

const reds = (pixels: readonly number[]) => pixels.filter((_, i) => i % 3 === 0);

const ramp = (height: number, width: number) => Array.from({ length: height * width * 3 }, (_, i) => (i * 7) % 256);

async function expectDecodedAsListed(root: string): Promise<void> {
  const broden = await openDense(root);
  const listed: { image: string; sha256_of_decoded_rgb_bytes: string }[] = parse(await readFile(join(root, 'decoded_sha256.csv')), {
    columns: true,
  });
  const decoded: Record<string, string> = {};
  for (const row of broden.rows) {
    const pixels = await broden.readImage(row, row.height, row.width);
    decoded[row.file] = createHash('sha256').update(pixels).digest('hex');
  }
  expect(decoded).toEqual(Object.fromEntries(listed.map((line) => [line.image, line.sha256_of_decoded_rgb_bytes])));
}

describe('readImage', () => {
  it('gives the pixels of an image of the size asked for as they are', async () => {
    expect(await read(await rgb(4, 6, ramp(4, 6)).png().toBuffer(), 4, 6)).toEqual(ramp(4, 6));
  });

  it('decodes every JPEG of broden-tiny to the listed bytes', () =>
    expectDecodedAsListed(join(import.meta.dirname, '../../fixtures/broden-tiny')));

  it('decodes every JPEG of broden-mini to the listed bytes', async () => {
    const root = sharedPath('zoo/broden-mini');
    if (root !== null) await expectDecodedAsListed(root);
  });

  it('stretches an image of another size, whatever its proportions, its middle staying in the middle', async () => {
    const white = [255, 255, 255];
    const halves = await rgb(1, 4, [0, 0, 0, 0, 0, 0, ...white, ...white])
      .png()
      .toBuffer();
    // Each target pixel weighs its neighbourhood 1/8, 3/8, 3/8, 1/8: 255 / 8 = 32.
    expect(reds(await read(halves, 2, 2))).toEqual([32, 223, 32, 223]);
  });

  it('enlarges bilinearly, pixel centres over pixel centres', async () => {
    const steps = await rgb(
      1,
      4,
      [0, 100, 200, 240].flatMap((value) => [value, value, value]),
    )
      .png()
      .toBuffer();
    expect(reds(await read(steps, 1, 8))).toEqual([0, 25, 75, 125, 175, 210, 230, 240]);
    const column = await rgb(2, 1, [0, 0, 0, 80, 80, 80]).png().toBuffer();
    expect(reds(await read(column, 4, 2))).toEqual([0, 0, 20, 20, 60, 60, 80, 80]);
  });

  it('leaves a plain image plain at every size', async () => {
    const plain = await rgb(5, 7, Array(35).fill([10, 200, 30]).flat())
      .png()
      .toBuffer();
    expect(await read(plain, 3, 2)).toEqual(Array(6).fill([10, 200, 30]).flat());
    expect(await read(plain, 9, 11)).toEqual(Array(99).fill([10, 200, 30]).flat());
  });

  it('averages where it shrinks, so that fine stripes become grey', async () => {
    const stripes = Array.from({ length: 32 * 32 }, (_, i) => (i % 2 === 0 ? [0, 0, 0] : [255, 255, 255])).flat();
    const pixels = await read(await rgb(32, 32, stripes).png().toBuffer(), 4, 4);
    for (const value of pixels) expect(Math.abs(value - 127.5)).toBeLessThan(20);
  });

  it('makes RGB of greyscale, with and without transparency', async () => {
    const grey = sharp(Uint8Array.of(0, 100, 200, 255), { raw: { height: 2, width: 2, channels: 1 } });
    const expected = [0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255];
    expect(await read(await grey.clone().toColourspace('b-w').png().toBuffer(), 2, 2)).toEqual(expected);
    const withAlpha = sharp(Uint8Array.of(0, 9, 100, 9, 200, 9, 255, 9), { raw: { height: 2, width: 2, channels: 2 } });
    expect(await read(await withAlpha.toColourspace('b-w').png().toBuffer(), 2, 2)).toEqual(expected);
  });

  it('drops transparency without blending', async () => {
    const pixels = Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 128);
    const image = await sharp(pixels, { raw: { height: 1, width: 2, channels: 4 } })
      .png()
      .toBuffer();
    expect(await read(image, 1, 2)).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('makes 8 bits of 16', async () => {
    const pixels = Uint16Array.of(0, 256, 65535, 128 * 256, 3 * 256 + 1, 255 * 256);
    const image = await sharp(pixels, { raw: { height: 1, width: 2, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(image).metadata()).depth).toBe('ushort');
    expect(await read(image, 1, 2)).toEqual([0, 1, 255, 128, 3, 255]);
  });

  it('makes RGB of CMYK', async () => {
    const red = rgb(8, 8, Array(64).fill([220, 30, 30]).flat());
    const image = await red.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(image).metadata()).space).toBe('cmyk');
    const pixels = await read(image, 8, 8);
    expect(pixels).toHaveLength(8 * 8 * 3);
    expect(pixels[0]).toBeGreaterThan(pixels[1] + 100);
  });

  it('does not apply a colour profile: the stored pixels count', async () => {
    const image = await rgb(1, 2, [200, 10, 30, 20, 180, 90]).withIccProfile('p3').png().toBuffer();
    expect((await sharp(image).metadata()).icc).toBeDefined();
    const { labels } = decodeLabelPng(image);
    const pixels = await read(image, 1, 2);
    expect([pixels[0] | (pixels[1] << 8), pixels[3] | (pixels[4] << 8)]).toEqual([...labels]);
    expect(pixels[0]).not.toBe(200);
  });

  it('turns an image as its EXIF orientation says, where the dataset gives its size as shown', async () => {
    const stored = [255, 0, 0, 0, 0, 255];
    const image = await rgb(1, 2, stored).withMetadata({ orientation: 8 }).png().toBuffer(); // shown: its right end on top
    expect([...(await fitImage(image, 2, 1, { height: 2, width: 1 }))]).toEqual([0, 0, 255, 255, 0, 0]);
    const turnedAround = await rgb(1, 2, stored).withMetadata({ orientation: 3 }).png().toBuffer();
    expect([...(await fitImage(turnedAround, 1, 2, { height: 1, width: 2 }))]).toEqual([0, 0, 255, 255, 0, 0]);
  });

  it('reads an image as stored where the dataset gives the size of the stored pixels: labels lie over those', async () => {
    const image = await rgb(1, 2, [255, 0, 0, 0, 0, 255]).withMetadata({ orientation: 6 }).png().toBuffer();
    expect((await sharp(image).metadata()).orientation).toBe(6);
    expect([...(await fitImage(image, 1, 2, { height: 1, width: 2 }))]).toEqual([255, 0, 0, 0, 0, 255]);
  });
});

describe('readImage refuses', () => {
  const noise = () => Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 256);
  const refused = async (bytes: Uint8Array) => {
    const [dataset, row] = await rowOf(bytes);
    await expect(dataset.readImage(row, 64, 64)).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      message: expect.stringContaining(`${join(dataset.root, 'images/a.png')} (index.csv, line 2): is no readable image (`),
    });
  };

  it('a file that is no image, or empty', async () => {
    await refused(Buffer.from('not an image'));
    await refused(new Uint8Array());
  });

  it('a truncated JPEG', async () => {
    const image = await rgb(64, 64, noise()).jpeg().toBuffer();
    await refused(image.subarray(0, Math.floor(image.length / 2)));
    await refused(image.subarray(0, image.length - 20));
  });

  it('a truncated PNG', async () => {
    const image = await rgb(64, 64, noise()).png().toBuffer();
    await refused(image.subarray(0, Math.floor(image.length / 2)));
  });

  it('a JPEG with damaged data', async () => {
    const image = await rgb(64, 64, noise()).jpeg().toBuffer();
    image.fill(0xff, image.length / 2, image.length / 2 + 40);
    await refused(image);
  });

  it('an image that has gone since the dataset was opened', async () => {
    const dataset = await openDense(await smallBroden());
    const row = { ...dataset.rows[0], file: 'gone.png' };
    await expect(dataset.readImage(row, 4, 6)).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      message: `${join(dataset.root, 'images/gone.png')} (index.csv, line 2): is missing; unpack the dataset again or correct the path`,
    });
  });
});
