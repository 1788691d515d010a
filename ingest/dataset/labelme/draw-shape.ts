import { decodePng } from '../encodings/png.ts';
import type { Pixels } from '../shapes/pixels.ts';
import { drawScanlineCircle } from '../shapes/scanline-circle.ts';
import { drawScanlinePolygon, fillRow } from '../shapes/scanline-polygon.ts';
import type { Shape } from './file.ts';

/**
 * Paints a shape as labelme's `shapes_to_label` does, over what is there. Lines and points have no inside and give no
 * pixels.
 *
 * Throws a plain Error, to be read after the place, where the shape's type is none of labelme's, or its points do not
 * fit the type.
 *
 * @param pixels `height * width`, rows then columns
 */
export function drawShape(pixels: Pixels, shape: Shape, height: number, width: number, value: number): void {
  const { points, shape_type: type } = shape;
  if (['line', 'linestrip', 'point', 'points'].includes(type)) return;
  if (type === 'polygon') {
    if (points.length < 3) throw new Error(`is a polygon of ${points.length} points; it needs three or more`);
    drawScanlinePolygon(pixels, points.flat(), height, width, value);
    return;
  }
  if (!['rectangle', 'circle', 'mask'].includes(type)) throw new Error(`has the shape_type "${type}", which labelme does not have`);
  if (points.length !== 2) throw new Error(`is a ${type} of ${points.length} points; it needs two`);
  const [[x0, y0], [x1, y1]] = points;
  const [left, right] = [Math.trunc(Math.min(x0, x1)), Math.trunc(Math.max(x0, x1))];
  const [top, bottom] = [Math.trunc(Math.min(y0, y1)), Math.trunc(Math.max(y0, y1))];
  if (type === 'circle') drawScanlineCircle(pixels, x0, y0, Math.hypot(x0 - x1, y0 - y1), height, width, value);
  else if (type === 'mask') drawMask(pixels, shape.mask, [left, top, right, bottom], height, width, value);
  else for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) fillRow(pixels, y, left, right, height, width, value);
}

/** A PNG in base64 over the box between two points: anything but 0 is inside. */
function drawMask(
  pixels: Pixels,
  mask: string | null | undefined,
  [left, top, right, bottom]: readonly number[],
  height: number,
  width: number,
  value: number,
): void {
  if (!mask) throw new Error('is a mask without its PNG');
  const raster = decodePng(Buffer.from(mask, 'base64'));
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  if (raster.height !== rows || raster.width !== columns)
    throw new Error(`has a mask of ${raster.height} x ${raster.width} pixels (height x width) where its points span ${rows} x ${columns}`);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [toY, toX] = [top + row, left + column];
      if (raster.samples[(row * columns + column) * raster.channels] === 0) continue;
      if (toY >= 0 && toY < height && toX >= 0 && toX < width) pixels[toY * width + toX] = value;
    }
  }
}
