import DataLoader from 'dataloader';

/** A parent row, and the arguments of its field. */
export interface WithArgs<Args> {
  id: number;
  args: Args;
}

/**
 * Loads a field with arguments: one call of `load` for all parents that share the same arguments, so the number of calls depends on
 * how often a query names the field, not on rows. `load` gives a function from a parent's id to its value.
 */
export function loaderByArgs<Args, Value>(
  load: (ids: number[], args: Args) => Promise<(id: number) => Value>,
): DataLoader<WithArgs<Args>, Value, string> {
  const keyOf = ({ id, args }: WithArgs<Args>) => JSON.stringify([id, args]);
  return new DataLoader<WithArgs<Args>, Value, string>(
    async (keys) => {
      const groups = new Map<string, WithArgs<Args>[]>();
      for (const key of keys) {
        const name = JSON.stringify(key.args);
        const group = groups.get(name);
        if (group) group.push(key);
        else groups.set(name, [key]);
      }
      const values = new Map<string, Value>();
      const loadGroup = async (group: WithArgs<Args>[]) => {
        const ids = group.map((key) => key.id);
        const valueFor = await load(ids, group[0].args);
        for (const key of group) values.set(keyOf(key), valueFor(key.id));
      };
      await Promise.all([...groups.values()].map(loadGroup));
      return keys.map((key) => values.get(keyOf(key)) as Value);
    },
    { cacheKeyFn: keyOf },
  );
}

/** Rows by parent, in the order they come; an empty list for a parent without any. */
export function listsBy<Row>(rows: readonly Row[], parentOf: (row: Row) => number): (id: number) => Row[] {
  const lists = new Map<number, Row[]>();
  for (const row of rows) {
    const list = lists.get(parentOf(row));
    if (list) list.push(row);
    else lists.set(parentOf(row), [row]);
  }
  return (id) => lists.get(id) ?? [];
}

/** Loads each parent's rows in one call of `find`. */
export function loaderOfLists<Row>(find: (ids: number[]) => Promise<Row[]>, parentOf: (row: Row) => number): DataLoader<number, Row[]> {
  return new DataLoader<number, Row[]>(async (ids) => ids.map(listsBy(await find([...ids]), parentOf)));
}
