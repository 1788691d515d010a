import sharp, { type Sharp } from 'sharp';
import { DissectoryError } from '../../core/errors.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import { findImage } from './file.ts';
import { lit } from './lit.ts';
import { decodePicture, type Picture, within } from './masked.ts';
import type { FoundTopImage } from './top-image.ts';

/** A row a unit, a column an image. */
export interface Sprite {
  /** At most `columns` images each. */
  units: FoundTopImage[][];
  /** Of the square that each image fits in. */
  side: number;
  columns: number;
  /** Dark outside the masks. */
  masked: boolean;
}

export interface RenderedSprite {
  picture: Sharp;
  /** No file was missing. */
  complete: boolean;
}

/** Many units' top images as one picture; what does not fill its square lies in the middle of it, the rest is clear. */
export async function renderSprite(prisma: PrismaClient, { units, side, columns, masked }: Sprite): Promise<RenderedSprite> {
  const size = { height: units.length * side, width: columns * side };
  const canvas = Buffer.alloc(size.height * size.width * 4);
  let complete = true;
  const draw = async (found: FoundTopImage, row: number, column: number) => {
    const picture = await pictureOf(prisma, found, side, masked);
    complete &&= picture !== null;
    if (picture) place(canvas, size.width, picture, { row, column, side });
  };
  await Promise.all(units.flatMap((images, row) => images.map((found, column) => draw(found, row, column))));
  return { picture: sharp(canvas, { raw: { ...size, channels: 4 } }), complete };
}

/** null where its file is gone: that must not take the pictures of all other units with it. */
async function pictureOf(prisma: PrismaClient, { dataset, image, map }: FoundTopImage, side: number, masked: boolean) {
  try {
    const source = await findImage(prisma, dataset, image);
    const picture = await decodePicture(await source.open(), within(side, image));
    return masked && map ? lit(picture, map) : picture;
  } catch (error) {
    if (error instanceof DissectoryError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** Copies a picture into the middle of its square. `canvas`: RGBA, rows then columns. */
function place(canvas: Buffer, width: number, picture: Picture, { row, column, side }: { row: number; column: number; side: number }) {
  const top = row * side + Math.floor((side - picture.height) / 2);
  const left = column * side + Math.floor((side - picture.width) / 2);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const to = ((top + y) * width + left + x) * 4;
      const from = (y * picture.width + x) * 3;
      canvas.set(picture.pixels.subarray(from, from + 3), to);
      canvas[to + 3] = 255;
    }
  }
}
