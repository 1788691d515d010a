/**
 * Categories of concepts as pages show them: the paper's six in its order, then a dataset's own in the order of the
 * API's list.
 */
const PAPER = ['object', 'part', 'scene', 'material', 'texture', 'color'];
/** Colours for other categories than those; then round again. */
const FURTHER = 4;

/** @param category as the API names it, whatever its case */
const keyOf = (category: string): string => category.toLowerCase().replaceAll('_', ' ');

/** What it is called on a page. */
export const categoryName = (category: string): string => (keyOf(category) === 'color' ? 'colour' : keyOf(category));

/** A letter that stands beside its colour where the colour stands alone. */
export const categoryLetter = (category: string): string => categoryName(category).charAt(0).toUpperCase();

const placeOf = (category: string): number => {
  const place = PAPER.indexOf(keyOf(category));
  return place < 0 ? PAPER.length : place;
};

/** In the order of the paper's figures; categories that it does not know stay in theirs, behind. */
export const inPaperOrder = <Row extends { category: string }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => placeOf(a.category) - placeOf(b.category));

/** A colour of the style sheet, the same for a category on every page. */
export function categoryColour(category: string): string {
  const key = keyOf(category);
  return PAPER.includes(key) ? `var(--category-${key})` : `var(--category-further-${hash(key) % FURTHER})`;
}

/** By its name alone, so that a category has one colour whatever else a dataset holds. */
const hash = (text: string): number => [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
