import { anchorAxis, type Grid } from '../../core/grid.ts';
import { placeImage, shownPixels } from '../../core/placement.ts';
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
 * Darkens, in place, all of an image that lies outside the unit's mask, to a quarter of its brightness (rounded down).
 *
 * `pixels`: `height * width * 3`, RGB, rows then columns. The map is read at every pixel of the image bilinearly, anchored at
 * receptive-field centres, as the dissection reads it at every pixel of a label map (docs/definitions.md: upsampling, mask).
 */
export function darkenOutside(pixels: Uint8Array, height: number, width: number, map: UnitMap): void {
  const { values, grid, threshold, silent } = map;
  const { y: vertical, x: horizontal } = placeImage(map.resize, { height, width }, { height: map.inputHeight, width: map.inputWidth });
  const rows = anchorAxis(grid.height, grid.offsetY, grid.strideY, vertical.extent, height, vertical.start);
  const columns = anchorAxis(grid.width, grid.offsetX, grid.strideX, horizontal.extent, width, horizontal.start);
  const shownRows = shownPixels(vertical, map.inputHeight, height);
  const shownColumns = shownPixels(horizontal, map.inputWidth, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = valueAt(values, grid.width, rows, y, columns, x);
      const isShown = y >= shownRows.from && y < shownRows.to && x >= shownColumns.from && x < shownColumns.to;
      if (isShown && (silent ? value > threshold : value >= threshold)) continue;
      const pixel = (y * width + x) * 3;
      pixels[pixel] >>= 2;
      pixels[pixel + 1] >>= 2;
      pixels[pixel + 2] >>= 2;
    }
  }
}
