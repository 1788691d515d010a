import { plainCategory } from '../../../core/category.ts';
import type { CountingRule } from '../../../store/results/counted-concepts.ts';
import { detectorCounts, detectorsIn, ruleOfDetectors, uniqueDetectorsIn } from '../../../store/results/detectors.ts';
import type { Store } from '../../../store/store.ts';

/** What is plotted: one bar or point a row, columns by name. */
export type PlotRow = Readonly<Record<string, string | number | null>>;

export interface Counting {
  minIou: number;
  rule: CountingRule;
}

/** One bar a category, in the dataset's order, after one for all of them, `total`. */
export interface Bar {
  category: string;
  uniqueDetectors: number;
  /** Units that count for a concept of the category; of `total` for any, each once. */
  detectors: number;
}

/** The bars of each dissection; two or three statements for any number of dissections, all over one dataset. */
export async function barsOf(
  { prisma, pool }: Store,
  dissections: readonly number[],
  datasetId: number,
  { minIou, rule }: Counting,
): Promise<Map<number, Bar[]>> {
  const counts = await detectorCounts(pool, [...dissections], minIou, rule);
  const ruleOfTotal = ruleOfDetectors(rule, null);
  const ofTotal = ruleOfTotal === rule ? counts : await detectorCounts(pool, [...dissections], minIou, ruleOfTotal);
  const categories = await prisma.datasetCategory.findMany({ where: { datasetId }, orderBy: { index: 'asc' } });
  const bar = (id: number, category: string | null): Bar => ({
    category: category === null ? 'total' : plainCategory(category),
    uniqueDetectors: uniqueDetectorsIn(
      counts.filter(({ dissectionId }) => dissectionId === id),
      category,
    ),
    detectors: detectorsIn(
      (category === null ? ofTotal : counts).filter(({ dissectionId }) => dissectionId === id),
      category,
    ),
  });
  return new Map(dissections.map((id) => [id, [null, ...categories.map(({ category }) => category)].map((category) => bar(id, category))]));
}
