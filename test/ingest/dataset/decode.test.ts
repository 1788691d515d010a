import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '../../../ingest/dataset/decode.ts';
import { fitImage } from '../../../ingest/dataset/image.ts';
import { rgb } from './small.ts';

const SIDE = 32;
const COLOUR = [200, 150, 100];
/** One colour everywhere, its right half transparent. */
const halfGone = (channels: 2 | 4) =>
  sharp(
    Uint8Array.from({ length: SIDE * SIDE * channels }, (_, i) => {
      const column = Math.floor(i / channels) % SIDE;
      return i % channels === channels - 1 ? (column < SIDE / 2 ? 255 : 0) : COLOUR[i % channels];
    }),
    { raw: { height: SIDE, width: SIDE, channels } },
  );

const colours = (pixels: Uint8Array) =>
  new Set(Array.from({ length: pixels.length / 3 }, (_, p) => pixels.subarray(3 * p, 3 * p + 3).join()));

const CMYK_SIDE = 16;

/** A CMYK file of one colour, written with no profile. */
async function cmyk(inks: readonly number[], format: 'jpeg' | 'tiff'): Promise<Buffer> {
  const tiff = cmykTiff(inks);
  if (format === 'tiff') return tiff;
  const image = sharp(tiff).pipelineColourspace('cmyk').toColourspace('cmyk');
  return image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** By hand, so that no profile takes part: a header, a directory of tags, the depths, the pixels. */
function cmykTiff(inks: readonly number[]): Buffer {
  const pixels = CMYK_SIDE * CMYK_SIDE * 4;
  const [short, long, separated] = [3, 4, 5];
  const tags = 10;
  const depths = 8 + 2 + tags * 12 + 4;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, CMYK_SIDE],
    [257, long, 1, CMYK_SIDE],
    [258, short, 4, depths],
    [259, short, 1, 1],
    [262, short, 1, separated],
    [273, long, 1, depths + 8],
    [277, short, 1, 4],
    [278, long, 1, CMYK_SIDE],
    [279, long, 1, pixels],
    [284, short, 1, 1],
  ];
  const file = Buffer.alloc(depths + 8 + pixels);
  file.write('II*\0');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags, 8);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  for (let i = 0; i < 4; i++) file.writeUInt16LE(8, depths + 2 * i);
  for (let i = 0; i < pixels; i++) file[depths + 8 + i] = inks[i % 4];
  return file;
}

describe('a picture with transparency', () => {
  it.each([
    ['PNG', 4, () => halfGone(4).png().toBuffer()],
    ['PNG of grey', 2, () => halfGone(2).toColourspace('b-w').png().toBuffer()],
    ['TIFF', 4, () => halfGone(4).tiff({ compression: 'lzw' }).toBuffer()],
  ] as const)('has the colour that is stored below it, at every size: %s', async (_, channels, encode) => {
    const file = await encode();
    const expected = new Set([channels === 2 ? '200,200,200' : '200,150,100']);
    for (const side of [SIDE, SIDE / 2, 7, 2 * SIDE]) expect(colours(await fitImage(file, side, side)), `${side}`).toEqual(expected);
  });

  it('of a palette likewise', async () => {
    const file = await halfGone(4).png({ palette: true }).toBuffer();
    expect((await sharp(file).metadata()).isPalette).toBe(true);
    const whole = await decodePicture(file);
    const opaque = await rgb(SIDE, SIDE, [...whole.data])
      .png()
      .toBuffer();
    for (const side of [SIDE, SIDE / 2, 7, 2 * SIDE]) expect(await fitImage(file, side, side)).toEqual(await fitImage(opaque, side, side));
  });
});

describe('CMYK', () => {
  const cases: [number[], number[]][] = [
    [
      [255, 0, 0, 0],
      [0, 255, 255],
    ],
    [
      [0, 255, 0, 0],
      [255, 0, 255],
    ],
    [
      [0, 0, 255, 0],
      [255, 255, 0],
    ],
    [
      [0, 0, 0, 255],
      [0, 0, 0],
    ],
    [
      [0, 0, 0, 0],
      [255, 255, 255],
    ],
    [
      [64, 128, 192, 32],
      [167, 111, 55],
    ],
    [
      [40, 80, 120, 60],
      [164, 134, 103],
    ],
  ];
  it.each(cases)('%s becomes %s, as Pillow has it', async (inks, expected) => {
    for (const format of ['jpeg', 'tiff'] as const) {
      const file = await cmyk(inks, format);
      expect((await sharp(file).metadata()).space).toBe('cmyk');
      for (const side of [16, 8, 20]) expect([...colours(await fitImage(file, side, side))], format).toEqual([expected.join()]);
    }
  });

  it('is read alike without Adobe’s marker, and with a profile', async () => {
    const file = await cmyk([40, 80, 120, 60], 'jpeg');
    const at = file.indexOf(Buffer.from([0xff, 0xee]));
    const bare = Buffer.concat([file.subarray(0, at), file.subarray(at + 2 + file.readUInt16BE(at + 2))]);
    expect(bare.includes('Adobe')).toBe(false);
    expect([...colours((await decodePicture(bare)).data)]).toEqual(['164,134,103']);
    const profiled = await sharp(file)
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    const stored = await sharp(profiled, { ignoreIcc: true }).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
    const paper = 255 - stored[3];
    const expected = [0, 1, 2].map((i) => Math.round(((255 - stored[i]) * paper) / 255));
    const [read] = [...colours((await decodePicture(profiled)).data)];
    for (const [i, value] of read.split(',').entries()) expect(Math.abs(Number(value) - expected[i])).toBeLessThanOrEqual(1);
  });
});

describe('sixteen bits', () => {
  it('give their high byte, at every size', async () => {
    const pixels = Uint16Array.from({ length: 8 * 8 * 3 }, (_, i) => [0x12ff, 0x8000, 0xfe01][i % 3]);
    const deep = sharp(pixels, { raw: { height: 8, width: 8, channels: 3 } }).toColourspace('rgb16');
    for (const file of [await deep.clone().png().toBuffer(), await deep.clone().tiff({ compression: 'lzw' }).toBuffer()])
      for (const side of [8, 4, 16]) expect([...colours(await fitImage(file, side, side))]).toEqual(['18,128,254']);
  });
});

describe('a JPEG', () => {
  const photograph = () =>
    rgb(
      64,
      64,
      Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 251),
    )
      .jpeg()
      .toBuffer();
  const segment = (file: Buffer, marker: number) => file.indexOf(Buffer.from([0xff, marker]));

  it('whose header only makes decoders warn is read, to the same pixels', async () => {
    const sound = await photograph();
    const { data } = await decodePicture(sound);
    const scan = segment(sound, 0xda);
    const phone = Buffer.from(sound);
    phone[scan + 2 + sound.readUInt16BE(scan + 2) - 2] = 0; // the end of the spectral selection
    const version = [7, 2];
    const jfif = Buffer.concat([
      sound.subarray(0, 2),
      Buffer.from([0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), ...version, 0, 0, 1, 0, 1, 0, 0]),
      sound.subarray(2),
    ]);
    for (const file of [phone, jfif, Buffer.concat([sound, Buffer.alloc(500, 1)])]) expect((await decodePicture(file)).data).toEqual(data);
  });

  it('that is damaged behind such a header is refused, as is one that ends early or in zeros, by every reader', async () => {
    const sound = await photograph();
    const scan = segment(sound, 0xda);
    const phone = Buffer.from(sound);
    phone[scan + 2 + sound.readUInt16BE(scan + 2) - 2] = 0;
    const half = Math.floor(phone.length / 2);
    const damaged = Buffer.from(phone).fill(0xff, half, half + 40);

    for (const file of [damaged, phone.subarray(0, half), sound.subarray(0, -2), Buffer.from(sound).fill(0, half)]) {
      await expect(decodePicture(file)).rejects.toThrow();
      await expect(fitImage(file, 16, 16)).rejects.toThrow();
    }
  });
});

it('an empty file is refused in words', async () => {
  await expect(decodePicture(new Uint8Array())).rejects.toThrow('it is empty');
});
