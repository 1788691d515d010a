import { categoryColour, categoryLetter, categoryName, inPaperOrder } from '../category.ts';
import css from './CategoryBar.module.css';

export interface CategoryRow {
  category: string;
  count: number;
}

/** Counts by category in one bar. `most`: what fills it, so that bars beside each other have one scale. */
export function CategoryBar({ rows, most }: { rows: readonly CategoryRow[]; most: number }) {
  const shown = inPaperOrder(rows).filter(({ count }) => count > 0);
  const label = shown.map(({ category, count }) => `${categoryName(category)} ${count}`).join(', ') || 'none';
  return (
    <span className={css.bar} role="img" aria-label={label} title={label}>
      {shown.map(({ category, count }) => (
        <span key={category} style={{ width: `${(100 * count) / Math.max(most, 1)}%`, background: categoryColour(category) }} />
      ))}
    </span>
  );
}

/** What the colours mean. */
export function CategoryLegend({ categories }: { categories: readonly string[] }) {
  return (
    <ul className={css.legend} aria-label="Categories">
      {inPaperOrder(categories.map((category) => ({ category }))).map(({ category }) => (
        <li key={category}>
          <CategorySwatch category={category} /> {categoryName(category)}
        </li>
      ))}
    </ul>
  );
}

/** A category's colour, with its letter. */
export function CategorySwatch({ category }: { category: string }) {
  return (
    <span className={css.swatch} style={{ borderColor: categoryColour(category) }} title={categoryName(category)} aria-hidden="true">
      {categoryLetter(category)}
    </span>
  );
}
