import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from '../context.ts';
import { globalId } from '../ids.ts';
import { NODE_TYPES, type NodeRows, type RowType } from './node-types.ts';
import { markToOne } from './own-relations.ts';

type ToOne<Key extends string, Target extends RowType> = (
  row: { readonly [K in Key]: number },
  args: unknown,
  context: Context,
) => NodeRows[Target] | Promise<NodeRows[Target]>;

/**
 * The resolver of a relation to one node: the node that was read with its row, where one was (see `Wanted`), else
 * through the type's loader.
 *
 * @param name of the field
 * @param key what of the row holds the node's row id
 */
export function toOne<Key extends string, Target extends RowType>(name: string, type: Target, key: Key): ToOne<Key, Target> {
  return (row, _, { loaders }) => {
    const withRow = (row as Record<string, unknown>)[name];
    return withRow === undefined ? loaders.node[type].load(row[key]) : (withRow as NodeRows[Target]);
  };
}

/** A relation to a node that need not be there: its key may be null. */
function toOneOrNull(name: string, type: RowType, key: string): GraphQLFieldResolver<Record<string, unknown>, Context> {
  const resolve: GraphQLFieldResolver<Record<string, unknown>, Context> = (row, _, { loaders }) => {
    const withRow = row[name];
    if (withRow !== undefined) return withRow;
    return row[key] === null ? null : loaders.node[type].load(row[key] as number);
  };
  return markToOne(resolve);
}

/** What the table says of a type's fields: its id, and its relations to one node. */
export function fieldsOfNode(
  type: RowType,
): Record<string, GraphQLFieldResolver<never, Context> | { resolve: GraphQLFieldResolver<never, Context> }> {
  const relations = Object.entries(NODE_TYPES[type].one as Readonly<Record<string, readonly [RowType, string]>>);
  return {
    id: ({ id }: { id: number }) => globalId(type, id),
    ...Object.fromEntries(
      relations.map(
        (
          [name, [target, key]], // As an object, because makeExecutableSchema binds bare functions, and what is bound is another function
        ) => [name, { resolve: toOneOrNull(name, target, key) }],
      ),
    ),
  };
}
