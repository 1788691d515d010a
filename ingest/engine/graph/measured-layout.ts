/**
 * Where the graph does not prove how a tensor of four dimensions lies, light tells it: a lit patch that is moved down
 * the image moves the tensor's response along its rows, one that is moved across along its columns, and neither along
 * its units.
 */
import type { Layout } from './image-input.ts';

/** A dim image, and the same with a bright patch in each of its corners: `LIT_IMAGES * height * width * 3` bytes. */
export const LIT_IMAGES = 5;

export function litImages(height: number, width: number): Uint8Array<ArrayBuffer> {
  const image = height * width * 3;
  const pixels = new Uint8Array(LIT_IMAGES * image);
  for (let i = 0; i < image; i++) pixels[i] = 64 + ((i * 2654435761) >>> 27);
  for (let n = 1; n < LIT_IMAGES; n++) {
    pixels.copyWithin(n * image, 0, image);
    const [top, left] = [CORNERS[n - 1][0] * height, CORNERS[n - 1][1] * width];
    for (let y = Math.floor(top); y < top + PATCH * height; y++)
      for (let x = Math.floor(left); x < left + PATCH * width; x++)
        for (let c = 0; c < 3; c++) pixels[n * image + (y * width + x) * 3 + c] ^= 0xc0;
  }
  return pixels;
}

/** Of height and width. */
const PATCH = 0.25;
/** Top left, top right, bottom left, bottom right. */
const CORNERS = [
  [0.0625, 0.0625],
  [0.0625, 0.6875],
  [0.6875, 0.0625],
  [0.6875, 0.6875],
] as const;

/**
 * How far the response must move, as a share of the axis (the patch itself moves by 0.625), and what share of that it
 * may move along the others.
 */
const MOVES = 0.2;
const STAYS = 1 / 3;

/**
 * The layout that the responses of `LIT_IMAGES` images tell.
 *
 * @param shape of one image, without the batch
 * @param images the tensor's values for each of the images
 * @returns null where they tell none: nothing responds, or all of it does (attention)
 */
export function layoutByLight(shape: readonly number[], images: readonly ArrayLike<number>[]): Layout | null {
  const centres = images.slice(1).map((lit) => centreOf(shape, images[0], lit));
  if (shape.length !== 3 || centres.some((centre) => centre === null)) return null;
  const [topLeft, topRight, bottomLeft, bottomRight] = centres as number[][];
  const axes = shape.map((_, axis) => {
    const down = (bottomLeft[axis] - topLeft[axis] + bottomRight[axis] - topRight[axis]) / 2;
    const across = (topRight[axis] - topLeft[axis] + bottomRight[axis] - bottomLeft[axis]) / 2;
    return axisOf(down, across);
  });
  if (axes.join() === 'units,rows,columns') return 'NCHW';
  return axes.join() === 'rows,columns,units' ? 'NHWC' : null;
}

function axisOf(down: number, across: number): 'rows' | 'columns' | 'units' | 'any' {
  if (down >= MOVES && Math.abs(across) <= STAYS * down) return 'rows';
  if (across >= MOVES && Math.abs(down) <= STAYS * across) return 'columns';
  return Math.max(Math.abs(down), Math.abs(across)) <= STAYS * MOVES ? 'units' : 'any';
}

/** Where along each axis the lit image differs, 0 to 1; null where it does not. */
function centreOf(shape: readonly number[], dark: ArrayLike<number>, lit: ArrayLike<number>): number[] | null {
  const sums = shape.map(() => 0);
  let all = 0;
  for (let i = 0; i < dark.length; i++) {
    const change = Math.abs(lit[i] - dark[i]);
    if (!(change > 0)) continue;
    all += change;
    let rest = i;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      sums[axis] += (change * ((rest % shape[axis]) + 0.5)) / shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
  }
  return all > 0 && Number.isFinite(all) ? sums.map((sum) => sum / all) : null;
}
