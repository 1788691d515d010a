import type { Pixels } from './pixels.ts';
import { fillRow } from './scanline-polygon.ts';

/**
 * Sets a filled circle to a value as labelme does, by Pillow's ellipse: the box around it is cut to integers; from its
 * rightmost pixel the rim goes, a pixel down, left or both at a time, wherever it stays closest to the curve.
 *
 * @param x,y centre, in pixels; it may lie outside the image
 * @param pixels `height * width`, rows then columns
 */
export function drawScanlineCircle(pixels: Pixels, x: number, y: number, radius: number, height: number, width: number, value = 1): void {
  const left = Math.trunc(x - radius);
  const top = Math.trunc(y - radius);
  const across = Math.trunc(x + radius) - left;
  const down = Math.trunc(y + radius) - top;
  // In half pixels from the centre, so that an even and an odd width are alike.
  const off = (dx: number, dy: number) => Math.abs((across * dy) ** 2 + (down * dx) ** 2 - (across * down) ** 2);
  let [dx, dy] = [across, down % 2];
  let drawn = -1;
  while (dy <= down) {
    if (dy !== drawn) {
      for (const row of [(down - dy) / 2, (down + dy) / 2])
        fillRow(pixels, top + row, left + (across - dx) / 2, left + (across + dx) / 2, height, width, value);
      drawn = dy;
    }
    let [nextX, nextY] = [dx, dy + 2];
    if (dx > 1) {
      if (off(dx - 2, dy + 2) < off(nextX, nextY)) [nextX, nextY] = [dx - 2, dy + 2];
      if (off(dx - 2, dy) < off(nextX, nextY)) [nextX, nextY] = [dx - 2, dy];
    }
    [dx, dy] = [nextX, nextY];
  }
}
