import { anchorAxis } from '../../core/grid.ts';
import { placeImage, type Size } from '../../core/placement.ts';
import type { UnitMap } from './overlay.ts';
import { valueAt } from './value-at.ts';

/** Of a map's own values (docs/definitions.md, Explanation). */
const SHARE = 0.2;

/**
 * The threshold of a unit's mask on one image: its map is read at every pixel of the network's input that shows a part
 * of the image, which gives N values; with m = floor(0.2 N) the threshold is the (m+1)-th largest, so that at most a
 * fifth is strictly greater. Where it equals the smallest, the mask is what is greater: a unit that is silent on most
 * of the image.
 *
 * @param image its own size, before it became the network's input
 */
export function withOwnThreshold(map: Omit<UnitMap, 'threshold' | 'silent'>, image: Size): UnitMap {
  const { values, grid, inputHeight, inputWidth } = map;
  const { y, x } = placeImage(map.resize, image, { height: inputHeight, width: inputWidth });
  const rows = anchorAxis(grid.height, grid.offsetY, grid.strideY, inputHeight, inputHeight);
  const columns = anchorAxis(grid.width, grid.offsetX, grid.strideX, inputWidth, inputWidth);
  const [top, bottom] = [Math.max(0, y.start), Math.min(inputHeight, y.start + y.extent)];
  const [left, right] = [Math.max(0, x.start), Math.min(inputWidth, x.start + x.extent)];
  const read = new Float64Array((bottom - top) * (right - left));
  let n = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) read[n++] = valueAt(values, grid.width, rows, row, columns, column);
  }
  read.sort();
  const threshold = read[n - 1 - Math.floor(SHARE * n)];
  return { ...map, threshold, silent: threshold === read[0] };
}
