import type { Size } from './placement.ts';

/** What a picture file's header says of how its pixels lie. */
export interface StoredOrientation extends Size {
  /** EXIF's, 1 to 8; absent: 1. */
  orientation?: number;
}

/**
 * Whether a dataset's picture is read as its EXIF orientation turns it, which is as people and labelling tools see it.
 * Only where turning swaps the sides and the dataset gives the size of the pixels as stored, its labels lie over those.
 *
 * @param size of the picture, as its dataset gives it
 */
export function isReadTurned({ orientation = 1, height, width }: StoredOrientation, size: Size): boolean {
  const fitsStored = height === size.height && width === size.width;
  const swapsSides = orientation >= 5;
  return orientation > 1 && !(swapsSides && fitsStored && height !== width);
}
