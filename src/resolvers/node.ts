import { DissectoryError } from '../../prisma/errors.ts';
import type { Context } from '../context.ts';
import type { NodeResolvers } from '../generated/resolvers.ts';
import { parseId } from '../ids.ts';
import type { NodeRow } from '../rows.ts';

export const Node: NodeResolvers = {
  __resolveType: (node) => node.__typename,
};

/** The row of a global id; null where it does not, or no longer, exist. Throws BAD_ID. */
export async function loadNode(id: string, { loaders }: Context): Promise<NodeRow | null> {
  const { type, row } = parseId(id);
  try {
    return { __typename: type, ...(await loaders.node[type].load(row)) } as NodeRow;
  } catch (error) {
    if (error instanceof DissectoryError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
