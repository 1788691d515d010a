import { crc32, inflateSync, constants as zlib } from 'node:zlib';

/** A PNG's pixels as stored: no palette, gamma, colour profile or transparency applied, shallow grey not stretched. */
export interface Raster {
  height: number;
  width: number;
  /** Samples of a pixel: 1 grey or place in the palette, 2 grey and opacity, 3 RGB, 4 RGB and opacity. */
  channels: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  depth: number;
  /** `height * width * channels`, rows then columns then channels. */
  samples: Uint8Array | Uint16Array;
  /** RGB of each place, three bytes one; null where the PNG has no palette. */
  palette: Uint8Array | null;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** By PNG's colour type. */
const CHANNELS = [1, 0, 3, 1, 2, 0, 4];
const PALETTE_TYPE = 3;
/** First column and row of each pass of an interlaced PNG (Adam7), and the steps from there. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
/** Pixels of an image whose samples fit into memory; a header that asks for more is broken. */
const MOST_PIXELS = 2 ** 28;

/**
 * Decodes a PNG of any kind. Done here because setting up an image pipeline takes ten times as long as decoding such
 * small files, and because it would turn palettes into colours and stretch shallow grey.
 *
 * Throws a plain Error, to be read after the file's name, where the bytes are no whole PNG.
 */
export function decodePng(bytes: Buffer): Raster {
  const { width, height, depth, type, isInterlaced, palette, compressed } = readChunks(bytes);
  const channels = CHANNELS[type];
  const passes = isInterlaced ? PASSES.map(([x, y, dx, dy]) => ({ x, y, dx, dy })) : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  const parts = passes
    .map((pass) => ({ ...pass, columns: Math.ceil((width - pass.x) / pass.dx), rows: Math.ceil((height - pass.y) / pass.dy) }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const stride = (columns: number) => Math.ceil((columns * channels * depth) / 8);
  const filtered = inflate(
    compressed,
    parts.reduce((sum, { columns, rows }) => sum + rows * (1 + stride(columns)), 0),
  );
  const samples = depth === 16 ? new Uint16Array(height * width * channels) : new Uint8Array(height * width * channels);
  let from = 0;
  for (const { x, y, dx, dy, columns, rows } of parts) {
    const length = stride(columns);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = filtered.subarray(from + 1, from + 1 + length);
      unfilter(line, above, filtered[from], Math.max(1, (channels * depth) >> 3));
      takeSamples(samples, ((y + row * dy) * width + x) * channels, line, columns, channels, depth, dx);
      above = line;
      from += 1 + length;
    }
  }
  return { height, width, channels, depth, samples, palette };
}

function readChunks(bytes: Buffer) {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('is no PNG');
  const compressed: Buffer[] = [];
  let header: Buffer | null = null;
  let palette: Uint8Array | null = null;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw new Error('ends early');
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (at + 12 + length > bytes.length) throw new Error('ends early');
    if (name === 'IEND') break;
    if (name === 'IDAT')
      compressed.push(content); // zlib checks it
    else if (name === 'IHDR' || name === 'PLTE') {
      if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)) throw new Error(`has a corrupt ${name}`);
      if (name === 'IHDR') header = content;
      else palette = content;
    }
    at += 12 + length;
  }
  if (header === null || header.length !== 13) throw new Error('is no PNG: it has no header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, type, , , interlace] = header.subarray(8);
  const isKnown = CHANNELS[type] > 0 && [1, 2, 4, 8, 16].includes(depth) && (depth >= 8 || CHANNELS[type] === 1) && interlace <= 1;
  if (!isKnown || width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw new Error(`is no PNG that can be read: ${width} x ${height} pixels, colour type ${type}, ${depth} bits`);
  if (type === PALETTE_TYPE && palette === null) throw new Error('is a PNG of palette type without its palette');
  return { width, height, depth, type, isInterlaced: interlace === 1, palette: type === PALETTE_TYPE ? palette : null, compressed };
}

/** The rows as stored: a byte that names the row's filter, then the filtered row. */
function inflate(compressed: readonly Buffer[], size: number): Uint8Array {
  const whole = compressed.length === 1 ? compressed[0] : Buffer.concat(compressed);
  // One piece of output, not a dozen to be put together
  const rows = inflateSync(whole, { maxOutputLength: size, chunkSize: Math.max(size, zlib.Z_MIN_CHUNK) });
  if (rows.length !== size) throw new Error(`holds ${rows.length} bytes of pixels where its header asks for ${size}`);
  return rows;
}

/**
 * Undoes a row's filter in place (PNG specification, section 9): each byte was stored as the difference from a guess
 * made of its neighbours.
 */
function unfilter(row: Uint8Array, above: Uint8Array, filter: number, step: number): void {
  if (filter === 0) return;
  if (filter > 4) throw new Error(`has the unknown row filter ${filter}`);
  for (let x = 0; x < Math.min(step, row.length); x++) row[x] += filter === 1 ? 0 : filter === 3 ? above[x] >> 1 : above[x];
  if (filter === 1) for (let x = step; x < row.length; x++) row[x] += row[x - step];
  if (filter === 2) for (let x = step; x < row.length; x++) row[x] += above[x];
  if (filter === 3) for (let x = step; x < row.length; x++) row[x] += (row[x - step] + above[x]) >> 1;
  if (filter === 4) for (let x = step; x < row.length; x++) row[x] += paeth(row[x - step], above[x], above[x - step]);
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Puts a row's samples where they belong, `dx` columns apart. */
function takeSamples(
  samples: Uint8Array | Uint16Array,
  to: number,
  line: Uint8Array,
  columns: number,
  channels: number,
  depth: number,
  dx: number,
): void {
  if (depth === 8 && dx === 1) {
    samples.set(line, to);
    return;
  }
  for (let column = 0, i = 0; column < columns; column++) {
    for (let channel = 0; channel < channels; channel++, i++) {
      const bit = i * depth;
      const value = depth === 16 ? (line[2 * i] << 8) | line[2 * i + 1] : (line[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
      samples[to + column * dx * channels + channel] = value;
    }
  }
}

/** Height and width by the first 24 bytes. Throws a plain Error where they begin no PNG. */
export function pngSize(bytes: Buffer): { height: number; width: number } {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('is no PNG');
  return { height: bytes.readUInt32BE(20), width: bytes.readUInt32BE(16) };
}
