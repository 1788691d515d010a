import { plainCategory } from '../../core/category.ts';
import { DissectoryError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';

/** A row of the paper's Table 1. */
export interface CategoryStats {
  category: string;
  classes: number;
  /** Images that carry a class, on average over the classes; null where the category has none. */
  averageSample: number | null;
}

/** What a registered dataset labels, category by category in its own order (paper, 2.1, Table 1). Throws NOT_FOUND. */
export async function datasetStats({ prisma }: Store, slug: string): Promise<CategoryStats[]> {
  const dataset = await prisma.dataset.findUnique({ where: { slug }, include: { categories: { orderBy: { index: 'asc' } } } });
  if (!dataset) {
    const message = `No dataset "${slug}" is registered: add it with \`dissectory dataset add DIR --slug ${slug}\`.`;
    throw new DissectoryError('NOT_FOUND', message);
  }
  const counted = await prisma.concept.groupBy({
    by: ['category'],
    where: { datasetId: dataset.id },
    _count: true,
    _avg: { frequency: true },
  });
  return dataset.categories.map(({ category }) => {
    const found = counted.find((one) => one.category === category);
    return { category: plainCategory(category), classes: found?._count ?? 0, averageSample: found?._avg.frequency ?? null };
  });
}
