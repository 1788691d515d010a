import { type ImagePlacement, type Placement, type Size, shownPixels } from '../../../core/placement.ts';
import type { ImageLabels } from './labels.ts';

/** The part of a mask that the network sees, and where it lies over the network's input. */
export interface MaskView extends Size {
  /** Of the mask: its first row and column within the view. */
  top: number;
  left: number;
  placement: ImagePlacement;
}

/** Where an image is cropped, the mask is cropped to what is left; otherwise it is seen whole. */
export function viewMask(placement: ImagePlacement, input: Size, mask: Size): MaskView {
  const rows = shownPixels(placement.y, input.height, mask.height);
  const columns = shownPixels(placement.x, input.width, mask.width);
  return {
    top: rows.from,
    left: columns.from,
    height: rows.to - rows.from,
    width: columns.to - columns.from,
    placement: { y: part(placement.y, rows, mask.height), x: part(placement.x, columns, mask.width) },
  };
}

function part({ start, extent }: Placement, { from, to }: { from: number; to: number }, pixels: number): Placement {
  const pixel = extent / pixels;
  return { start: start + from * pixel, extent: (to - from) * pixel };
}

/** The labels within the view. What an image carries it still carries: `present` says so of the whole image. */
export function labelsInView(labels: ImageLabels, { top, left, height, width }: MaskView): ImageLabels {
  if (height === labels.height && width === labels.width) return labels;
  const crop = <Pixels extends Uint16Array | Uint8Array>(map: Pixels, cropped: Pixels): Pixels => {
    for (let y = 0; y < height; y++) {
      const from = (top + y) * labels.width + left;
      cropped.set(map.subarray(from, from + width), y * width);
    }
    return cropped;
  };
  return {
    ...labels,
    height,
    width,
    maps: labels.maps.map((map) => crop(map, new Uint16Array(height * width))),
    ignored: labels.ignored.map(({ categories, pixels }) => ({ categories, pixels: crop(pixels, new Uint8Array(height * width)) })),
  };
}
