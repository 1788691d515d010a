import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { isReadTurned } from '../../core/orientation.ts';
import type { Size } from '../../core/placement.ts';
import type { DenseDataset, Row } from './dataset.ts';
import { type DecodeOptions, decodePicture } from './decode.ts';
import { enlarge } from './enlarge.ts';
import { type Fault, type Report, refuse, whyUnreadable } from './fault.ts';
import { endsAsJpeg } from './jpeg-end.ts';

/** Where the pictures of a dataset lie. */
export type ImageRoot = Pick<DenseDataset, 'root' | 'imageFolder'>;

/**
 * Reads a row's image as the network wants it: `height * width * 3` bytes, 8-bit RGB, rows then columns; see
 * `fitImage`.
 *
 * Throws BAD_IMAGE where the file is missing, corrupt or truncated.
 */
export async function readImage(at: ImageRoot, row: Row, height: number, width: number): Promise<Uint8Array> {
  const pixels = await readBytes(at, row, (bytes) => fitImage(bytes, height, width, row));
  return 'message' in pixels ? refuse(at.root, 'BAD_IMAGE')(pixels) : pixels;
}

/**
 * Reports, by a row's image's header and end, where it is missing, no image, truncated or not of the size that its row
 * gives.
 */
export async function checkPicture(at: ImageRoot, row: Row, report: Report): Promise<void> {
  const found = await readBytes(at, row, async (bytes) => {
    if (!endsAsJpeg(bytes) || !endsAsPng(bytes)) throw new Error('it ends early');
    if (bytes.length === 0) throw new Error('it is empty');
    const { autoOrient, ...stored } = await sharp(bytes).metadata();
    return isReadTurned(stored, row) ? autoOrient : stored;
  });
  if ('message' in found) return report(found);
  if (found.height === row.height && found.width === row.width) return;
  const message = `is ${found.height} x ${found.width} pixels (height x width) as shown where its labels have ${row.height} x ${row.width}`;
  report({ ...placeOf(at, row), message: `${message}; correct one of them` });
}

/** Whether a PNG has its last chunk; true for what is no PNG. */
function endsAsPng(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return file.toString('latin1', 1, 4) !== 'PNG' || file.includes('IEND');
}

/**
 * Decodes a row's image in full; reports where it is missing, corrupt, truncated, overwritten at its end or not of the
 * size that its row gives.
 *
 * @param columns which columns of the row give it, for the message
 */
export async function checkImage(at: ImageRoot, row: Row, report: Report, columns = ''): Promise<void> {
  const decoded = await readBytes(at, row, (bytes) => decodePicture(bytes, turnedFor(row)));
  if ('message' in decoded) return report(decoded);
  const { height, width } = decoded;
  if (height === row.height && width === row.width) return;
  const message = `is ${height} x ${width} pixels (height x width) where its row says ${row.height} x ${row.width}${columns}; correct one of them`;
  report({ ...placeOf(at, row), message });
}

/**
 * Decodes an image file's bytes to `height * width * 3` bytes, 8-bit RGB, rows then columns (`decodePicture`).
 *
 * An image of that size is given as decoded, byte for byte; any other is stretched to it (bilinear, averaging where it
 * shrinks, as torchvision and PIL do it).
 *
 * Throws an Error saying why where the bytes are no whole image.
 *
 * @param shown the picture's size as its dataset gives it: EXIF then turns it (`isReadTurned`). Absent: it is read as
 * stored
 */
export async function fitImage(bytes: Uint8Array, height: number, width: number, shown?: Size): Promise<Uint8Array> {
  const resize = (image: Sharp) =>
    image.resize({ width, height, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false, withoutEnlargement: true });
  const pixels = await decodePicture(bytes, { ...turnedFor(shown), resize });
  if (pixels.height === height && pixels.width === width) return pixels.data;
  return enlarge(pixels.data, pixels.height, pixels.width, height, width);
}

const turnedFor = (shown?: Size): DecodeOptions => (shown ? { isTurned: (stored) => isReadTurned(stored, shown) } : {});

async function readBytes<T>(at: ImageRoot, row: Row, take: (bytes: Uint8Array) => Promise<T>): Promise<T | Fault> {
  const place = placeOf(at, row);
  const bytes = await readFile(join(at.root, place.file)).catch((error: unknown) => ({ ...place, message: whyUnreadable(error) }));
  if ('message' in bytes) return bytes;
  try {
    return await take(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...place, message: `is no readable image (${why}); restore the file or remove the row` };
  }
}

function placeOf({ imageFolder }: ImageRoot, { file, line, entry }: Row) {
  return { file: posix.join(imageFolder, file), line: line ?? null, entry };
}
