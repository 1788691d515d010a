/** Classes of ADE20K: each has a number and a list of synonyms, the first of which names it. */

/**
 * Each class's name: its first synonym; where another class has the same first one, the whole list.
 *
 * @param lists synonyms by class number, joined by ", "
 */
export function nameClasses(lists: ReadonlyMap<number, string>): Map<number, { name: string; synonyms: string[] }> {
  const count = new Map<string, number>();
  for (const list of lists.values()) count.set(firstOf(list), (count.get(firstOf(list)) ?? 0) + 1);
  const named = Array.from(lists, ([number, list]) => {
    const name = count.get(firstOf(list)) === 1 ? firstOf(list) : list;
    return [
      number,
      {
        name,
        synonyms: list
          .split(',')
          .map((word) => word.trim())
          .filter((word) => word !== '' && word !== name),
      },
    ] as const;
  });
  return new Map(named);
}

const firstOf = (list: string) => list.split(',')[0].trim();
