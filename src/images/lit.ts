import type { Picture } from './masked.ts';
import { maskOn, type UnitMap } from './overlay.ts';

/** Of the brightness of what lies outside a mask. */
const OUTSIDE = 1 / 3;
const EDGE = [255, 255, 235];

/**
 * The picture as small ones show it: a third as bright outside the unit's mask, and a light line along the mask's inner
 * edge.
 */
export function lit({ height, width, pixels }: Picture, map: UnitMap): Picture {
  const mask = maskOn({ height, width }, map);
  const copy = Uint8Array.from(pixels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (!mask[at]) {
        for (let channel = 0; channel < 3; channel++) copy[3 * at + channel] *= OUTSIDE;
      } else if (isEdge(mask, at, x, y, { height, width })) copy.set(EDGE, 3 * at);
    }
  }
  return { height, width, pixels: copy };
}

/** A pixel of the mask beside one that is not: the rim of the picture is no edge. */
function isEdge(mask: Uint8Array, at: number, x: number, y: number, { height, width }: { height: number; width: number }): boolean {
  return (
    (x > 0 && !mask[at - 1]) || (x < width - 1 && !mask[at + 1]) || (y > 0 && !mask[at - width]) || (y < height - 1 && !mask[at + width])
  );
}
