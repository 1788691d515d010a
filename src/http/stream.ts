import type { RequestHandler } from 'express';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  specifiedRules,
  validate,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Access } from '../../core/access.ts';
import type { Context } from '../graphql/context.ts';
import { validationRules } from '../graphql/limits.ts';
import { accessOf } from './access.ts';
import { formatError } from './public-errors.ts';

/**
 * Subscriptions as server-sent events, under the same limits as queries. Queries and mutations are refused: /graphql
 * answers them.
 */
export function streamRoute(schema: GraphQLSchema, newContext: (access: Access) => Context): RequestHandler {
  return createHandler({
    schema,
    validate: (validated, document) => validate(validated, document, [...specifiedRules, ...validationRules]),
    execute: () => ({ errors: [new GraphQLError('Only subscriptions are served here: send queries and mutations to /graphql.')] }),
    context: (request) => ({ access: accessOf(request.raw) }),
    subscribe: (args) => eachAnew(args, newContext),
    onNext: (_context, _request, result) => (result.errors ? { ...result, errors: result.errors.map(publicOf) } : result),
    authenticate: () => null, // a request for each subscription
  });
}

/** Executes the operation for each event with a context of its own: loaders must not answer from an earlier event. */
async function eachAnew(
  args: ExecutionArgs,
  newContext: (access: Access) => Context,
): Promise<AsyncGenerator<ExecutionResult> | ExecutionResult> {
  const { access } = args.contextValue as Pick<Context, 'access'>;
  const events = await createSourceEventStream({ ...args, contextValue: newContext(access) });
  if (!(Symbol.asyncIterator in events)) return events;
  const source = events[Symbol.asyncIterator]();
  const end = async (): Promise<IteratorResult<ExecutionResult>> => {
    await source.return?.();
    return { done: true, value: undefined };
  };
  let broken = false;
  // By hand: a generator's `return` would wait for the event that its `next` waits for, which may never come.
  const answers = {
    async next(): Promise<IteratorResult<ExecutionResult>> {
      if (broken) return end();
      try {
        const { done, value: rootValue } = await source.next();
        return done ? end() : { done: false, value: await execute({ ...args, rootValue, contextValue: newContext(access) }) };
      } catch (error) {
        broken = true;
        return { done: false, value: { errors: [new GraphQLError('', { originalError: error as Error })] } };
      }
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]: () => answers,
  };
  return answers as AsyncGenerator<ExecutionResult>;
}

/**
 * As Apollo does it for queries: what a resolver throws is a fault of the server's until `formatError` knows better.
 */
function publicOf(error: GraphQLError): GraphQLError {
  const code = error.originalError ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
  const { message, path, extensions } = formatError(
    { ...error.toJSON(), extensions: { code, ...error.extensions } },
    error.originalError ?? error,
  );
  return new GraphQLError(message, { path, extensions });
}
