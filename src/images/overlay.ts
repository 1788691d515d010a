import { anchorAxis, type Grid } from '../../core/grid.ts';
import { placeImage, type Size, shownPixels } from '../../core/placement.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import { valueAt } from './value-at.ts';

/** A unit's activation map on one image, and what makes a mask of it. */
export interface UnitMap {
  /** `grid.height * grid.width`, rows then columns. */
  values: Float32Array;
  grid: Grid;
  /** Of the network's input, in pixels. */
  inputHeight: number;
  inputWidth: number;
  /** How an image of another shape became the network's input. */
  resize: Resize;
  threshold: number;
  /** The mask is S > T rather than S >= T. */
  silent: boolean;
}

/**
 * Where a unit's mask lies on an image of this size: 1 inside, 0 outside; rows then columns.
 *
 * The map is read at every pixel of the image bilinearly, anchored at receptive-field centres, as the dissection reads
 * it at every pixel of a label map (docs/definitions.md: upsampling, mask).
 */
export function maskOn({ height, width }: Size, map: UnitMap): Uint8Array {
  const mask = new Uint8Array(height * width);
  const { threshold, silent } = map;
  readOn({ height, width }, map, (pixel, value) => {
    mask[pixel] = (silent ? value > threshold : value >= threshold) ? 1 : 0;
  });
  return mask;
}

/** Calls `visit` with the map's upsampled value at every pixel of the image that the network is shown. */
export function readOn({ height, width }: Size, map: UnitMap, visit: (pixel: number, value: number) => void): void {
  const { values, grid } = map;
  const { y: vertical, x: horizontal } = placeImage(map.resize, { height, width }, { height: map.inputHeight, width: map.inputWidth });
  const rows = anchorAxis(grid.height, grid.offsetY, grid.strideY, vertical.extent, height, vertical.start);
  const columns = anchorAxis(grid.width, grid.offsetX, grid.strideX, horizontal.extent, width, horizontal.start);
  const shownRows = shownPixels(vertical, map.inputHeight, height);
  const shownColumns = shownPixels(horizontal, map.inputWidth, width);
  for (let y = shownRows.from; y < shownRows.to; y++) {
    for (let x = shownColumns.from; x < shownColumns.to; x++) visit(y * width + x, valueAt(values, grid.width, rows, y, columns, x));
  }
}

/**
 * Darkens, in place, all of an image that lies outside the unit's mask, to a quarter of its brightness (rounded down).
 *
 * `pixels`: `height * width * 3`, RGB, rows then columns.
 */
export function darkenOutside(pixels: Uint8Array, height: number, width: number, map: UnitMap): void {
  const mask = maskOn({ height, width }, map);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel]) continue;
    pixels[3 * pixel] >>= 2;
    pixels[3 * pixel + 1] >>= 2;
    pixels[3 * pixel + 2] >>= 2;
  }
}
