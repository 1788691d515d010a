import sharp, { type Sharp } from 'sharp';
import type { Size } from '../../core/placement.ts';
import { darkenOutside, type UnitMap } from './overlay.ts';

/** Decoded: `height * width * 3`, RGB, rows then columns. */
export interface Picture extends Size {
  pixels: Uint8Array;
}

/** Decodes an image in a size. */
export async function decodePicture(input: Sharp, { height, width }: Size): Promise<Picture> {
  const image = input.resize({ height, width, fit: 'fill' }).toColourspace('srgb').removeAlpha();
  return { height, width, pixels: await image.raw().toBuffer() };
}

/** Decodes an image in its own size, or in proportion at most `width` wide. */
export async function decodeWithin(input: Sharp, width: number | null): Promise<Picture> {
  const image = input
    .resize({ width: width ?? undefined, withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { height: info.height, width: info.width, pixels: data };
}

/** The picture, dark outside the unit's mask. */
export function masked({ height, width, pixels }: Picture, map: UnitMap): Picture {
  const copy = Uint8Array.from(pixels);
  darkenOutside(copy, height, width, map);
  return { height, width, pixels: copy };
}

/** A picture to be encoded. */
export const sharpOf = ({ height, width, pixels }: Picture): Sharp => sharp(pixels, { raw: { width, height, channels: 3 } });

export const pngOf = (picture: Picture): Promise<Buffer> => sharpOf(picture).png().toBuffer();

/** An image's size within a square box: never distorted by more than rounding, at least a pixel. */
export function within(box: number, { height, width }: Size): Size {
  const scale = box / Math.max(height, width);
  return { height: Math.max(1, Math.round(height * scale)), width: Math.max(1, Math.round(width * scale)) };
}
