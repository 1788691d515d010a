import type { Grid } from '../../../core/grid.ts';
import type { ImagePlacement, Size } from '../../../core/placement.ts';
import type { Candidates } from './candidates.ts';
import { activePixels, layOver, type MaskScratch, maskScratch, type Overlay } from './upsample.ts';

/** What the masks of one layer are made of, at one threshold a unit. */
export interface MaskPlan {
  grid: Grid;
  /** Mask M_k = S_k >= bounds[k]. */
  bounds: Float64Array;
  surfaces: Surfaces;
}

/**
 * How many sizes of label maps are remembered: their masks cost most when a dataset has few, and memory must not grow
 * where it has thousands.
 */
const MOST_SIZES = 64;

/** What masks of one layer need for each size and place of label map met, the last few of them. */
export interface Surfaces {
  known: Map<string, Surface>;
  buffer: PixelBuffer;
}

interface Surface {
  overlay: Overlay;
  scratch: MaskScratch;
}

/** Holds the pixels of one mask at a time, of any layer; as large as the largest label map met. */
export interface PixelBuffer {
  pixels: Int32Array;
}

export const emptyBuffer = (): PixelBuffer => ({ pixels: new Int32Array(0) });

export const emptySurfaces = (buffer: PixelBuffer = emptyBuffer()): Surfaces => ({ known: new Map(), buffer });

function surfaceFor({ surfaces: { known }, grid }: MaskPlan, { height, width }: Size, placement: ImagePlacement): Surface {
  const { y, x } = placement;
  const key = [height, width, y.start, y.extent, x.start, x.extent].join();
  let surface = known.get(key);
  if (!surface) {
    surface = { overlay: layOver(grid, placement, height, width), scratch: maskScratch(grid, width) };
    const [oldest] = known.keys();
    if (known.size === MOST_SIZES) known.delete(oldest);
    known.set(key, surface);
  }
  return surface;
}

function roomFor(buffer: PixelBuffer, { height, width }: Size): Int32Array {
  if (buffer.pixels.length < height * width) buffer.pixels = new Int32Array(height * width);
  return buffer.pixels;
}

/**
 * Makes the masks of one image, and shows each that is not empty.
 *
 * @param size of the image's label maps, @param placement of these over the network's input
 * @param kept holds the image's candidate maps from `from` to `to`
 * @param show is given a unit and the pixels of its mask, from 0 to `found`, overwritten afterwards
 */
export function eachMask(
  plan: MaskPlan,
  size: Size,
  placement: ImagePlacement,
  kept: Candidates,
  from: number,
  to: number,
  show: (unit: number, active: Int32Array, found: number) => void,
): void {
  const { overlay, scratch } = surfaceFor(plan, size, placement);
  const active = roomFor(plan.surfaces.buffer, size);
  for (let i = from; i < to; i++) {
    const unit = kept.units[i];
    const bound = plan.bounds[unit];
    const found = activePixels(plan.grid, overlay, kept.cells, kept.values, kept.starts[i], kept.starts[i + 1], bound, scratch, active);
    if (found > 0) show(unit, active, found);
  }
}
