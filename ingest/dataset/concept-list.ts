import type { Concept } from './dataset.ts';

/**
 * The concepts of a dataset while they are found, each category and name once; or those that were found before, and no
 * other.
 */
export class ConceptList {
  readonly concepts: Concept[];
  /** Place in `categories` of each concept's category. */
  readonly categoryOf: number[];
  readonly categories: readonly string[];
  readonly #isClosed: boolean;
  readonly #known: Map<string, number>;

  /**
   * @param categories every category that may come
   * @param known the concepts of a dataset that was read before: only what its pictures show
   */
  constructor(categories: readonly string[], known?: readonly Concept[]) {
    this.categories = categories;
    this.concepts = known ? [...known] : [];
    this.#isClosed = known !== undefined;
    this.#known = new Map(this.concepts.map(({ category, name }, index) => [keyOf(category, name), index]));
    this.categoryOf = this.concepts.map(({ category }) => categories.indexOf(category));
  }

  /**
   * The concept's index, a new one's comes last; null where it is none of those that are known.
   *
   * @param number absent: one more than the index
   */
  add(category: string, name: string, number?: number, synonyms: readonly string[] = []): number | null {
    const found = this.#known.get(keyOf(category, name));
    if (found !== undefined) return found;
    if (this.#isClosed) return null;
    const index = this.concepts.length;
    this.concepts.push({ index, category, number: number ?? index + 1, name, synonyms: [...synonyms] });
    this.categoryOf.push(this.categories.indexOf(category));
    this.#known.set(keyOf(category, name), index);
    return index;
  }

  /** The code (codes.ts) of a concept; null where there is no such one. */
  code(category: string, name: string): number | null {
    const found = this.#known.get(keyOf(category, name));
    return found === undefined ? null : found + 1;
  }
}

const keyOf = (category: string, name: string) => `${category}\0${name}`;
