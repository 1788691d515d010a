import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../graphql/context.ts';
import { executor } from '../graphql/executor.ts';

/** Has Apollo execute operations by our executor: what it offers for that is meant for gateways. */
export function apolloExecution(schema: GraphQLSchema): ApolloServerOptionsWithGateway<Context>['gateway'] {
  const execute = executor(schema);
  return {
    onSchemaLoadOrUpdate(told) {
      told({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, operationName, request, context }) =>
        execute({
          document,
          operationName: operationName ?? undefined,
          variables: request.variables ?? {},
          context: context as Context,
        }) as never,
    }),
    stop: async () => {},
  };
}
