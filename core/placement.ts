/**
 * How an image of another shape becomes the network's input: each side to the input's; cut to cover it; padded with
 * black to fit into it.
 */
export type Resize = 'STRETCH' | 'CROP' | 'PAD';

/**
 * Where an image lies along one axis of the network's input: its edges, in input pixels, from the outer edge of the
 * first.
 */
export interface Placement {
  /** Negative where the image is cut off. */
  start: number;
  extent: number;
}

export interface ImagePlacement {
  y: Placement;
  x: Placement;
}

export interface Size {
  height: number;
  width: number;
}

/**
 * Lays an image over a network's input as the model card says: whole pixels, and where they cannot be even the smaller
 * part above and left.
 *
 * Worked example: 100 x 200 (height x width) into 50 x 50. CROP: resized to 50 x 100, x from -25 to 75. PAD: to 25 x
 * 50, y from 12 to 37.
 */
export function placeImage(resize: Resize, image: Size, input: Size): ImagePlacement {
  if (resize === 'STRETCH') return { y: { start: 0, extent: input.height }, x: { start: 0, extent: input.width } };
  const scales = [input.height / image.height, input.width / image.width];
  const scale = resize === 'CROP' ? Math.max(...scales) : Math.min(...scales);
  return { y: centred(image.height * scale, input.height), x: centred(image.width * scale, input.width) };
}

function centred(exact: number, input: number): Placement {
  const extent = Math.max(1, Math.round(exact));
  const rest = input - extent;
  return { start: rest < 0 ? -Math.floor(-rest / 2) : Math.floor(rest / 2), extent };
}

/**
 * Which of `pixels` pixels spread over the image (of a label map, say) have their centres within the input: `from` up
 * to, not with, `to`.
 */
export function shownPixels({ start, extent }: Placement, input: number, pixels: number): { from: number; to: number } {
  const position = (edge: number) => ((edge - start) * pixels) / extent - 0.5;
  return { from: Math.max(0, Math.ceil(position(0))), to: Math.min(pixels, Math.ceil(position(input))) };
}
