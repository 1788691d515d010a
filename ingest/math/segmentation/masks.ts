import type { Grid } from '../../../core/grid.ts';
import type { ImagePlacement, Size } from '../../../core/placement.ts';
import type { Candidates } from './candidates.ts';
import { activePixels, layOver, type MaskScratch, maskScratch, type Overlay } from './upsample.ts';

/** What the masks of one layer are made of, at one threshold a unit. */
export interface MaskPlan {
  grid: Grid;
  /** Mask M_k = S_k >= bounds[k]. */
  bounds: Float64Array;
  /** Scratch for each size and place of label map met so far. */
  surfaces: Map<string, Surface>;
}

export interface Surface {
  overlay: Overlay;
  scratch: MaskScratch;
  active: Int32Array;
}

function surfaceFor({ surfaces, grid }: MaskPlan, { height, width }: Size, placement: ImagePlacement): Surface {
  const { y, x } = placement;
  const key = [height, width, y.start, y.extent, x.start, x.extent].join();
  let surface = surfaces.get(key);
  if (!surface) {
    surface = {
      overlay: layOver(grid, placement, height, width),
      scratch: maskScratch(grid, width),
      active: new Int32Array(height * width),
    };
    surfaces.set(key, surface);
  }
  return surface;
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
  const { overlay, scratch, active } = surfaceFor(plan, size, placement);
  for (let i = from; i < to; i++) {
    const unit = kept.units[i];
    const bound = plan.bounds[unit];
    const found = activePixels(plan.grid, overlay, kept.cells, kept.values, kept.starts[i], kept.starts[i + 1], bound, scratch, active);
    if (found > 0) show(unit, active, found);
  }
}
