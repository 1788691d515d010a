import { DissectoryError } from '../../../core/errors.ts';
import { parseExplanationId } from '../../../core/ids.ts';
import type { Context } from '../context.ts';
import type { NodeResolvers } from '../generated/resolvers.ts';
import { parseId } from '../ids.ts';
import type { Loaders } from '../loaders/index.ts';
import type { NodeRow } from '../rows.ts';

export const Node: NodeResolvers = {
  __resolveType: (node) => node.__typename,
};

/** The row of a global id; null where it does not, or no longer, exist. Throws BAD_ID. */
export async function loadNode(id: string, { loaders }: Context): Promise<NodeRow | null> {
  const explained = parseExplanationId(id);
  try {
    if (explained) return await loadExplanation(explained, loaders);
    const { type, row } = parseId(id);
    return { __typename: type, ...(await loaders.node[type].load(row)) } as NodeRow;
  } catch (error) {
    if (error instanceof DissectoryError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function loadExplanation(
  { prediction: id, place }: { prediction: number; place: number },
  loaders: Loaders,
): Promise<NodeRow | null> {
  const prediction = await loaders.node.Prediction.load(id);
  const names = await loaders.classNames.load(prediction.headId);
  return place < names.length ? { __typename: 'Explanation', prediction, place } : null;
}
