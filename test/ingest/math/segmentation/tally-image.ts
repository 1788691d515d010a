import type { ImagePlacement } from '../../../../core/placement.ts';
import type { Candidates } from '../../../../ingest/math/segmentation/candidates.ts';
import type { ImageLabels } from '../../../../ingest/math/segmentation/labels.ts';
import { eachMask, type MaskPlan } from '../../../../ingest/math/segmentation/masks.ts';
import { type Tally, type TallyShape, tallyMask } from '../../../../ingest/math/segmentation/tally.ts';

export type TallyPlan = MaskPlan & TallyShape & { inputHeight: number; inputWidth: number };

/**
 * Adds one image, whose labels cover the network's whole input, to a tally. Its candidate maps are those of `kept` from
 * `from` to `to`.
 */
export function tallyImage(tally: Tally, plan: TallyPlan, labels: ImageLabels, kept: Candidates, from: number, to: number): void {
  const whole: ImagePlacement = { y: { start: 0, extent: plan.inputHeight }, x: { start: 0, extent: plan.inputWidth } };
  eachMask(plan, labels, whole, kept, from, to, (unit, active, found) => tallyMask(tally, plan, labels, unit, active, found));
}
