const made = new WeakSet<object>();

/** Marks a resolver as the table's own for a relation to one node. */
export function markToOne<Resolve extends object>(resolve: Resolve): Resolve {
  made.add(resolve);
  return resolve;
}

/** Whether a resolver is the table's own for a relation, so that nodes may be read ahead for it. */
export const isToOne = (resolve: unknown): boolean => typeof resolve === 'function' && made.has(resolve);
