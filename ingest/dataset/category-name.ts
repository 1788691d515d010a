import type { Category } from '../../prisma/generated/enums.ts';

/** The category's name in category.csv and in the columns of index.csv. */
export function nameOnDisk(category: Category): string {
  return category.toLowerCase();
}

/** The table of the category's concepts. */
export function tableOf(category: Category): string {
  return `c_${nameOnDisk(category)}.csv`;
}
