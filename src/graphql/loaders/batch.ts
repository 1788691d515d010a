import DataLoader from 'dataloader';

/** A parent row, and the arguments of its field. */
export interface WithArgs<Args> {
  id: number;
  args: Args;
}

/** Loads a field with arguments for its parent rows. */
export interface ArgsLoader<Args, Value> {
  load(key: WithArgs<Args>): Promise<Value>;
  /** Forgets what was read. */
  clearAll(): void;
}

/**
 * Loads a field with arguments: one call of `load` for all parents that share the same arguments, so the number of
 * calls depends on how often a query names the field, not on rows. `load` gives a function from a parent's id to its
 * value.
 */
export function loaderByArgs<Args, Value>(load: (ids: number[], args: Args) => Promise<(id: number) => Value>): ArgsLoader<Args, Value> {
  const loaders = new Map<string, DataLoader<number, Value>>();
  return {
    load({ id, args }) {
      const key = JSON.stringify(args);
      let loader = loaders.get(key);
      if (!loader) {
        loader = new DataLoader<number, Value>(async (ids) => ids.map(await load([...ids], args)));
        loaders.set(key, loader);
      }
      return loader.load(id);
    },
    clearAll: () => loaders.clear(),
  };
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

/** Counts by parent; 0 for a parent without any. */
export function countsBy(rows: readonly { id: number; count: number }[]): (id: number) => number {
  const counts = new Map(rows.map(({ id, count }) => [id, count]));
  return (id) => counts.get(id) ?? 0;
}

/** A row each by parent; null for a parent without one. */
export function onesBy<Row>(rows: readonly Row[], parentOf: (row: Row) => number): (id: number) => Row | null {
  const ones = new Map(rows.map((row) => [parentOf(row), row]));
  return (id) => ones.get(id) ?? null;
}

/** Loads each parent's rows in one call of `find`. */
export function loaderOfLists<Row>(find: (ids: number[]) => Promise<Row[]>, parentOf: (row: Row) => number): DataLoader<number, Row[]> {
  return new DataLoader<number, Row[]>(async (ids) => ids.map(listsBy(await find([...ids]), parentOf)));
}
