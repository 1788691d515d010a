import sharp, { type Sharp } from 'sharp';
import type { Size } from '../../core/placement.ts';
import { readOn, type UnitMap } from './overlay.ts';

/**
 * A unit's upsampled activation on an image, in grey: black at `min(0, threshold)` and below, white at the most that
 * the unit reaches over the dataset, linear in between. What the network is not shown of the image is black.
 */
export function activationPicture({ height, width }: Size, map: UnitMap, maxActivation: number): Sharp {
  const low = Math.min(0, map.threshold);
  const scale = 255 / Math.max(maxActivation - low, Number.MIN_VALUE);
  const grey = new Uint8ClampedArray(height * width); // rounds and clamps
  readOn({ height, width }, map, (pixel, value) => {
    grey[pixel] = (value - low) * scale;
  });
  return sharp(new Uint8Array(grey.buffer), { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}
