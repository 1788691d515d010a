/**
 * What stands behind `?` of a page's URL: each key that is there and right, nothing else. A URL that was mistyped shows
 * the page without that filter.
 */
type Reader<Value> = (given: unknown) => Value | undefined;

export const text: Reader<string> = (given) =>
  typeof given === 'string' && given !== '' ? given : typeof given === 'number' ? String(given) : undefined;
export const number: Reader<number> = (given) => (typeof given === 'number' && Number.isFinite(given) ? given : undefined);
export const flag: Reader<boolean> = (given) => (typeof given === 'boolean' ? given : undefined);
export const texts: Reader<string[]> = (given) => {
  const all = (Array.isArray(given) ? given : [given]).map(text).filter((one) => one !== undefined);
  return all.length > 0 ? all : undefined;
};
export const oneOf =
  <const Choice extends string>(...choices: readonly Choice[]): Reader<Choice> =>
  (given) =>
    choices.find((choice) => choice === given);

type Readers = Readonly<Record<string, Reader<unknown>>>;
export type SearchOf<R extends Readers> = { [Key in keyof R]?: Exclude<ReturnType<R[Key]>, undefined> };

/** For a route's `validateSearch`. */
export const search =
  <R extends Readers>(readers: R) =>
  (given: Record<string, unknown>): SearchOf<R> =>
    Object.fromEntries(
      Object.entries(readers)
        .map(([key, read]) => [key, read(given[key])])
        .filter(([, value]) => value !== undefined),
    ) as SearchOf<R>;
