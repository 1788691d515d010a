import { plainCategory } from '../../../core/category.ts';

/** The table of the category's concepts. */
export function tableOf(category: string): string {
  return `c_${plainCategory(category)}.csv`;
}
