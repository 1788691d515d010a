import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colours, type RowValues, storedValues } from '../../../../ingest/dataset/encodings/pixel-values.ts';
import { decodePng, pngSize, type Raster } from '../../../../ingest/dataset/encodings/png.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

interface Picture {
  height: number;
  width: number;
  type: number;
  depth: number;
  interlace: number;
  samples: number[];
  /** Of each row in turn. */
  filters: number[];
  /** Bytes of each piece of the pixels. */
  piece: number;
}

function chunk(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(content.length);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** Writes a PNG, filtered as asked; an implementation of its own, so that reading can be held against it. */
function encode({ height, width, type, depth, interlace, samples, filters, piece }: Picture): Buffer {
  const channels = CHANNELS[type];
  const step = Math.max(1, (channels * depth) >> 3);
  const rows: number[] = [];
  let count = 0;
  for (const [x0, y0, dx, dy] of interlace === 1 ? ADAM7 : [[0, 0, 1, 1]]) {
    let above: number[] = [];
    for (let y = y0; y < height; y += dy) {
      const values: number[] = [];
      for (let x = x0; x < width; x += dx) values.push(...samples.slice((y * width + x) * channels, (y * width + x + 1) * channels));
      if (values.length === 0) continue;
      const bits = values.map((value) => value.toString(2).padStart(depth, '0')).join('');
      const line = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
        Number.parseInt(bits.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2),
      );
      const filter = filters[count++ % filters.length];
      rows.push(filter, ...line.map((byte, i) => (byte - guess(filter, line[i - step] ?? 0, above[i] ?? 0, above[i - step] ?? 0)) & 0xff));
      above = line;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const pixels = deflateSync(Uint8Array.from(rows));
  const pieces = Array.from({ length: Math.ceil(pixels.length / piece) }, (_, i) =>
    chunk('IDAT', pixels.subarray(i * piece, (i + 1) * piece)),
  );
  const palette =
    type === 3
      ? [
          chunk(
            'PLTE',
            Uint8Array.from({ length: 3 * 2 ** depth }, (_, i) => (i * 7) % 256),
          ),
        ]
      : [];
  const other = chunk('gAMA', Uint8Array.of(0, 0, 177, 143));
  return Buffer.concat([Buffer.from(SIGNATURE), chunk('IHDR', header), other, ...palette, ...pieces, chunk('IEND', new Uint8Array())]);
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter < 4) return [0, left, up][filter];
  const [toLeft, toUp, toCorner] = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

const KINDS = [
  ...[1, 2, 4, 8, 16].map((depth) => ({ type: 0, depth })),
  ...[1, 2, 4, 8].map((depth) => ({ type: 3, depth })),
  ...[2, 4, 6].flatMap((type) => [8, 16].map((depth) => ({ type, depth }))),
];

const pictures = fc
  .record({ height: fc.integer({ min: 1, max: 19 }), width: fc.integer({ min: 1, max: 19 }), kind: fc.constantFrom(...KINDS) })
  .chain(({ height, width, kind }) =>
    fc.record({
      height: fc.constant(height),
      width: fc.constant(width),
      type: fc.constant(kind.type),
      depth: fc.constant(kind.depth),
      interlace: fc.integer({ min: 0, max: 1 }),
      filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
      piece: fc.integer({ min: 1, max: 200 }),
      samples: fc.array(fc.integer({ min: 0, max: 2 ** kind.depth - 1 }), {
        minLength: height * width * CHANNELS[kind.type],
        maxLength: height * width * CHANNELS[kind.type],
      }),
    }),
  );

const grey: Picture = { height: 2, width: 3, type: 0, depth: 8, interlace: 0, samples: [0, 1, 2, 253, 254, 255], filters: [0], piece: 100 };

describe('decodePng', () => {
  test('gives the samples of every kind of PNG as stored', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const bytes = encode(picture);
        const { height, width, channels, depth, samples, palette } = decodePng(bytes);
        expect({ height, width, channels, depth, samples: [...samples] }).toEqual({
          height: picture.height,
          width: picture.width,
          channels: CHANNELS[picture.type],
          depth: picture.depth,
          samples: picture.samples,
        });
        expect(palette?.length ?? 0).toBe(picture.type === 3 ? 3 * 2 ** picture.depth : 0);
        expect(pngSize(bytes)).toEqual({ height, width });
      }),
      { numRuns: 150 },
    );
  });

  test('refuses a file that was cut anywhere', () => {
    const bytes = encode({ ...grey, height: 20, width: 20, samples: Array.from({ length: 400 }, (_, i) => (i * i) % 256) });
    for (let end = 0; end < bytes.length; end++) expect(() => decodePng(bytes.subarray(0, end)), `${end} bytes`).toThrow();
  });

  test.each([
    ['other bytes', Buffer.from('GIF89a'), 'is no PNG'],
    ['a header that was changed', Buffer.from(encode(grey).fill(9, 18, 19)), 'corrupt IHDR'],
    ['a filter that does not exist', encode({ ...grey, filters: [5] }), 'unknown row filter 5'],
  ])('refuses %s', (_, bytes, why) => {
    expect(() => decodePng(bytes)).toThrow(why);
  });
});

const raster = (more: Partial<Raster>): Raster => ({
  height: 1,
  width: 2,
  channels: 1,
  depth: 8,
  samples: Uint8Array.of(7, 9),
  palette: null,
  ...more,
});

const rowOf = (values: RowValues) => Array.from(values(0));

describe('values of pixels', () => {
  test('are the places of a palette, grey, or the grey that three channels agree on', () => {
    expect([...rowOf(storedValues(raster({ palette: Uint8Array.of(1, 2, 3) })))]).toEqual([7, 9]);
    expect([...rowOf(storedValues(raster({ channels: 2, samples: Uint8Array.of(7, 0, 9, 255) })))]).toEqual([7, 9]);
    expect([...rowOf(storedValues(raster({ channels: 4, depth: 16, samples: Uint16Array.of(700, 700, 700, 0, 9, 9, 9, 1) })))]).toEqual([
      700, 9,
    ]);
    expect(() => storedValues(raster({ channels: 3, samples: Uint8Array.of(1, 1, 2, 1, 1, 1) }))(0)).toThrow('has colours (1, 1, 2)');
  });

  test('are colours as shown: of palettes, RGB and grey of few bits', () => {
    expect([...rowOf(colours(raster({ samples: Uint8Array.of(1, 0), palette: Uint8Array.of(1, 2, 3, 4, 5, 6) })))]).toEqual([
      0x040506, 0x010203,
    ]);
    expect([...rowOf(colours(raster({ channels: 4, samples: Uint8Array.of(1, 2, 3, 0, 255, 254, 253, 0) })))]).toEqual([
      0x010203, 0xfffefd,
    ]);
    expect([...rowOf(colours(raster({ depth: 1, samples: Uint8Array.of(1, 0) })))]).toEqual([0xffffff, 0]);
    expect(() => colours(raster({ palette: Uint8Array.of(1, 2, 3) }))(0)).toThrow('has the place 7 where its palette has 1 colours');
    expect(() => colours(raster({ depth: 16, samples: Uint16Array.of(1, 2) }))(0)).toThrow('16 bits');
  });
});
