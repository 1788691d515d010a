import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { Category, CountingRule } from '../generated/resolvers.ts';
import { detectorCounts } from '../sql/detectors.ts';
import { listsBy, loaderByArgs } from './batch.ts';

interface DetectorArgs {
  minIou: number;
  rule: CountingRule;
}

interface DetectorCount {
  dissectionId: number;
  category: Category;
  uniqueDetectors: number;
  detectors: number;
}

export const createDetectorLoaders = (prisma: PrismaClient) => ({
  /** By dissection, one entry for each category that has detectors: every count that the schema offers is read from these. */
  detectorCounts: loaderByArgs(async (ids, { minIou, rule }: DetectorArgs) =>
    listsBy(await prisma.$queryRaw<DetectorCount[]>(detectorCounts(ids, minIou, rule)), (count) => count.dissectionId),
  ),
});
