/** The categories of Broden, in the order that people know them in. A dataset may have others. */
export const BRODEN_CATEGORIES = ['SCENE', 'OBJECT', 'PART', 'MATERIAL', 'TEXTURE', 'COLOR'] as const;

/**
 * How the store and the API spell a category: those of Broden in capitals however they are written, any other as it is.
 */
export function categoryOf(written: string): string {
  return BRODEN_CATEGORIES.find((known) => known === written.toUpperCase()) ?? written;
}

/** How the command line and Broden's tables spell it: those of Broden in small letters, any other as it is. */
export function plainCategory(category: string): string {
  return BRODEN_CATEGORIES.some((known) => known === category) ? category.toLowerCase() : category;
}
