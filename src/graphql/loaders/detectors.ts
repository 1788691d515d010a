import { type ConceptDetectorArgs, conceptDetectors } from '../../../store/results/concept-detectors.ts';
import type { CountingRule } from '../../../store/results/counted-concepts.ts';
import { detectorCounts } from '../../../store/results/detectors.ts';
import { type IouPoint, iouSweep, iouSweepByCategory } from '../../../store/results/iou-sweep.ts';
import type { Connection } from '../../../store/sql/statement.ts';
import { listsBy, loaderByArgs } from './batch.ts';

interface DetectorArgs {
  minIou: number;
  rule: CountingRule;
}

interface SweepArgs {
  minIous: number[];
  rule: CountingRule;
}

/** All by dissection. */
export const createDetectorLoaders = (pool: Connection) => ({
  /** One entry for each category that has detectors: every count that the schema offers is read from these. */
  detectorCounts: loaderByArgs(async (ids, { minIou, rule }: DetectorArgs) =>
    listsBy(await detectorCounts(pool, ids, minIou, rule), (count) => count.dissectionId),
  ),

  /** One entry for each concept that has detectors, those with the most first. */
  conceptDetectors: loaderByArgs(async (ids, args: ConceptDetectorArgs) =>
    listsBy(await conceptDetectors(pool, ids, args), (one) => one.dissectionId),
  ),

  /** One entry for each threshold, in the order asked for. */
  iouSweep: loaderByArgs(async (ids, { minIous, rule }: SweepArgs) => {
    const points: readonly IouPoint[] = await iouSweep(pool, ids, minIous, rule);
    return listsBy(points, (point) => point.dissectionId);
  }),

  /** One entry for each threshold and category that has detectors. */
  iouSweepByCategory: loaderByArgs(async (ids, { minIous, rule }: SweepArgs) =>
    listsBy(await iouSweepByCategory(pool, ids, minIous, rule), (count) => count.dissectionId),
  ),
});
