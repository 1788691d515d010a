/** How far a score may be off. */

/** Of the standard normal distribution: 95 % of it lies within so many standard deviations. */
const Z95 = 1.96;

/**
 * The 95 % interval of a share (an IoU, an AUC) with its standard error: logit(p) +- 1.96 SE / (p (1 - p)), carried
 * back.
 *
 * @returns null where there is none to be given: at 0 and 1, where the error says nothing, and where it is not known
 */
export function interval95(share: number, standardError: number | null): [low: number, high: number] | null {
  if (standardError === null || standardError === 0 || share <= 0 || share >= 1) return null;
  const logit = Math.log(share / (1 - share));
  const width = (Z95 * standardError) / (share * (1 - share));
  return [backFrom(logit - width), backFrom(logit + width)];
}

const backFrom = (logit: number): number => 1 / (1 + Math.exp(-logit));

/** Below these the interval of an IoU covers less than it says (docs/definitions.md). */
const LEAST_IOU = 0.01;
const LEAST_IMAGES = 20;

/** Whether the interval of an IoU is to be relied on. @param images with the concept */
export const isReliable = (iou: number, images: number): boolean => iou >= LEAST_IOU && images >= LEAST_IMAGES;
