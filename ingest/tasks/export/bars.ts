import type { Category } from '../../../prisma/generated/enums.ts';
import { type CountingRule, detectorCounts } from '../../../store/results/detectors.ts';
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
  detectors: number;
}

/** The bars of each dissection; two statements for any number of dissections, all over one dataset. */
export async function barsOf(
  { prisma }: Store,
  dissections: readonly number[],
  datasetId: number,
  { minIou, rule }: Counting,
): Promise<Map<number, Bar[]>> {
  const counts = await detectorCounts(prisma, [...dissections], minIou, rule);
  const categories = await prisma.datasetCategory.findMany({ where: { datasetId }, orderBy: { index: 'asc' } });
  const bar = (dissection: number, category: Category): Bar => {
    const found = counts.find((one) => one.dissectionId === dissection && one.category === category);
    return { category: category.toLowerCase(), uniqueDetectors: found?.uniqueDetectors ?? 0, detectors: found?.detectors ?? 0 };
  };
  return new Map(
    dissections.map((id) => {
      const bars = categories.map(({ category }) => bar(id, category));
      const sum = (of: (one: Bar) => number) => bars.reduce((total, one) => total + of(one), 0);
      return [
        id,
        [{ category: 'total', uniqueDetectors: sum((one) => one.uniqueDetectors), detectors: sum((one) => one.detectors) }, ...bars],
      ];
    }),
  );
}
