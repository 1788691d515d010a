import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { askedNodes } from '../graphql/asked-nodes.ts';
import type { Context } from '../graphql/context.ts';
import { MAX_ASKED_NODES, MAX_ERRORS } from '../graphql/limits.ts';

/**
 * Refuses questions whose pages multiply to too much, with their variables put in, before anything is read. Where a
 * request's `extensions` have `cost: true`, its answer's say how many nodes it asked for at most, and how many list
 * items and rows it took.
 */
export function cost(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  /**
   * Of questions without variables, which always ask for the same. The server keeps the documents that it has parsed.
   */
  const known = new WeakMap<OperationDefinitionNode, number>();

  function asked(document: DocumentNode, operation: OperationDefinitionNode, variables: Record<string, unknown>): number {
    const nodes = known.get(operation) ?? askedNodes(schema, document, operation, variables);
    if ((operation.variableDefinitions ?? []).length === 0) known.set(operation, nodes);
    return nodes;
  }

  return {
    async requestDidStart() {
      let requested = 0;
      return {
        async didResolveOperation({ document, operation, request }) {
          if (!operation) return;
          requested = asked(document, operation, request.variables ?? {});
          if (requested <= MAX_ASKED_NODES) return;
          const message = `The pages that are asked for hold up to ${requested} nodes together, more than ${MAX_ASKED_NODES}. Ask for fewer at a time, with a smaller first.`;
          throw new GraphQLError(message, { extensions: { code: 'BAD_INPUT' } });
        },
        async willSendResponse({ request, response: { body }, contextValue: { budget } }) {
          if (body.kind !== 'single') return;
          const { singleResult } = body;
          // Every list of an answer that is over its budget has the same to say
          if (singleResult.errors && singleResult.errors.length > MAX_ERRORS)
            singleResult.errors = singleResult.errors.slice(0, MAX_ERRORS);
          if (request.extensions?.cost !== true) return;
          const { rows, nodes } = budget.spent();
          singleResult.extensions = { ...singleResult.extensions, cost: { requested, actual: nodes, rows } };
        },
      };
    },
  };
}
