import { inflateSync, constants as zlib } from 'node:zlib';

/** A label map as stored: label numbers, rows then columns. */
export interface LabelMap {
  height: number;
  width: number;
  labels: Uint16Array;
}

/**
 * Decodes a label PNG: label = R + 256 * G of the stored 8-bit channels, with no gamma, colour profile or transparency applied.
 *
 * Throws a plain Error where the bytes are no such PNG; its message is to be read after the file's name.
 */
export async function decodeLabelPng(bytes: Buffer): Promise<LabelMap> {
  return decodePlain(bytes) ?? (await decodeOther(bytes));
}

const SIGNATURE = 0x89504e47;
const IHDR = 0x49484452;
const IDAT = 0x49444154;

/**
 * The PNG that Broden's maps are written as (8-bit RGB or RGBA, not interlaced), decoded here because setting up an image pipeline takes
 * ten times as long as decoding such a small file. null for every other kind. Corrupt pixels show in zlib's checksum.
 */
function decodePlain(bytes: Buffer): LabelMap | null {
  if (bytes.length < 33 || bytes.readUInt32BE(0) !== SIGNATURE || bytes.readUInt32BE(12) !== IHDR) return null;
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlace !== 0) return null;
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = colour === 2 ? 3 : 4;
  const stride = width * channels;
  const rows = inflate(bytes, height * (1 + stride));
  const labels = new Uint16Array(height * width);
  for (let y = 0, pixel = 0; y < height; y++) {
    const from = y * (1 + stride) + 1;
    const filter = rows[from - 1];
    if (filter !== 0)
      unfilter(rows.subarray(from, from + stride), y === 0 ? null : rows.subarray(from - stride - 1, from - 1), filter, channels);
    for (let at = from; at < from + stride; at += channels) labels[pixel++] = rows[at] | (rows[at + 1] << 8);
  }
  return { height, width, labels };
}

/** The rows as stored: a byte that names the row's filter, then the filtered row. */
function inflate(bytes: Buffer, size: number): Uint8Array<ArrayBuffer> {
  const compressed: Buffer[] = [];
  for (let at = 33; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.readUInt32BE(at + 4) === IDAT) compressed.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const whole = compressed.length === 1 ? compressed[0] : Buffer.concat(compressed);
  // One piece of output, not a dozen to be put together
  const rows = inflateSync(whole, { maxOutputLength: size, chunkSize: Math.max(size, zlib.Z_MIN_CHUNK) });
  if (rows.length !== size) throw new Error(`holds ${rows.length} bytes of pixels where its header asks for ${size}`);
  return rows;
}

/** Undoes a row's filter in place (PNG specification, section 9): each byte was stored as the difference from a guess made of its neighbours. */
function unfilter(row: Uint8Array, rowAbove: Uint8Array | null, filter: number, channels: number): void {
  if (filter > 4) throw new Error(`has the unknown row filter ${filter}`);
  const above = rowAbove ?? new Uint8Array(row.length);
  for (let x = 0; x < channels; x++) row[x] += filter === 1 ? 0 : filter === 3 ? above[x] >> 1 : above[x];
  if (filter === 1) for (let x = channels; x < row.length; x++) row[x] += row[x - channels];
  if (filter === 2) for (let x = channels; x < row.length; x++) row[x] += above[x];
  if (filter === 3) for (let x = channels; x < row.length; x++) row[x] += (row[x - channels] + above[x]) >> 1;
  if (filter === 4) for (let x = channels; x < row.length; x++) row[x] += paeth(row[x - channels], above[x], above[x - channels]);
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Palettes, interlaced files and whatever else holds red and green in 8 bits. */
async function decodeOther(bytes: Buffer): Promise<LabelMap> {
  const { default: sharp } = await import('sharp'); // takes longer to load than a small dataset's tally
  const { format, space, depth } = await sharp(bytes).metadata();
  if (format !== 'png') throw new Error(`is a ${format} image, not a PNG`);
  if (space === 'b-w' || space === 'grey16') throw new Error('is greyscale; a label is red + 256 * green');
  if (depth !== 'uchar') throw new Error('has 16 bits a channel where 8 are asked for');
  const { data, info } = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  return {
    height,
    width,
    labels: Uint16Array.from({ length: height * width }, (_, i) => data[i * channels] | (data[i * channels + 1] << 8)),
  };
}
