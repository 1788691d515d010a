import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Row } from './broden.ts';
import { enlarge } from './enlarge.ts';
import { refuse, whyUnreadable } from './fault.ts';

/**
 * Reads a row's image as the network wants it: `height * width * 3` bytes, 8-bit RGB, rows then columns.
 *
 * An image of that size is given as decoded, byte for byte; any other is stretched to it (bilinear, averaging where it shrinks, as
 * torchvision and PIL do it). Greyscale, CMYK and 16-bit images become 8-bit RGB, transparency is dropped. Two things are
 * not done, because networks are trained and Broden's labels are made on the stored pixels: an embedded colour profile is not applied,
 * and an EXIF orientation does not turn the image.
 *
 * Throws BAD_IMAGE where the file is missing, corrupt or truncated.
 */
export async function readImage(root: string, row: Row, height: number, width: number): Promise<Uint8Array> {
  const shrink = (image: Sharp) =>
    image.resize({ width, height, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false, withoutEnlargement: true });
  const { data, info } = await decode(root, row, shrink);
  return info.height === height && info.width === width ? data : enlarge(data, info.height, info.width, height, width);
}

/** Decodes a row's image in full and gives the size that it has, in pixels. Throws BAD_IMAGE as `readImage`. */
export async function readImageSize(root: string, row: Row): Promise<{ height: number; width: number }> {
  const { info } = await decode(root, row, (image) => image);
  return { height: info.height, width: info.width };
}

async function decode(root: string, row: Row, shrink: (image: Sharp) => Sharp) {
  const report = refuse(root, 'BAD_IMAGE');
  const place = { file: join('images', row.file), line: row.line };
  const bytes = await readFile(join(root, place.file)).catch((error: unknown) => report({ ...place, message: whyUnreadable(error) }));
  try {
    const image = sharp(bytes, { failOn: 'warning', ignoreIcc: true });
    return await shrink(image).removeAlpha().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return report({ ...place, message: `is no readable image (${why}); restore the file or remove the row` });
  }
}
