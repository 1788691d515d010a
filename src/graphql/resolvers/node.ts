import { DissectoryError } from '../../../core/errors.ts';
import { badId, decodeId } from '../../../core/ids.ts';
import type { Context } from '../context.ts';
import type { NodeResolvers } from '../generated/resolvers.ts';
import type { Loaders } from '../loaders/index.ts';
import { NODE_TYPES, type RowType } from '../nodes/node-types.ts';
import type { NodeRow } from '../rows.ts';

/** Every type that implements Node in schema.graphql. */
type NodeTypeName = NodeResolvers['__resolveType'] extends (...args: never[]) => infer Name
  ? Exclude<Awaited<Name>, null | undefined>
  : never;

/** Finds a node by the numbers of its id; null where there is none. Throws NOT_FOUND where a row is gone. */
type Find = (numbers: readonly number[], loaders: Loaders) => Promise<NodeRow | null>;

const rows = Object.fromEntries(
  Object.keys(NODE_TYPES).map((type) => [
    type,
    async ([row]: readonly number[], loaders: Loaders) => ({ __typename: type, ...(await loaders.node[type as RowType].load(row)) }),
  ]),
) as Record<RowType, Find>;

/** A type of the schema that stands in no table is missed here by the compiler. */
const FIND: Readonly<Record<NodeTypeName, Find>> = {
  ...rows,
  Explanation: async ([predictionId, place], loaders) => {
    const prediction = await loaders.node.Prediction.load(predictionId);
    const names = await loaders.classNames.load(prediction.headId);
    return place < names.length ? { __typename: 'Explanation', prediction, place } : null;
  },
};

export const Node: NodeResolvers = {
  __resolveType: (node) => node.__typename,
};

/** The row of a global id; null where it does not, or no longer, exist. Throws BAD_ID. */
export async function loadNode(id: string, { loaders }: Context): Promise<NodeRow | null> {
  const decoded = decodeId(id);
  const numbers = decoded?.type === 'Explanation' ? 2 : 1;
  if (decoded?.numbers.length !== numbers || !isNodeType(decoded.type)) throw badId(id);
  try {
    return await FIND[decoded.type](decoded.numbers, loaders);
  } catch (error) {
    if (error instanceof DissectoryError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

const isNodeType = (type: string): type is NodeTypeName => Object.hasOwn(FIND, type);
