import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';

/** What a client asks, parsed and validated. */
export interface Operation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  context: Context;
}

type Execute = (operation: Operation) => Promise<ExecutionResult>;

/**
 * Executes operations. A query that is asked a second time is compiled: half of the time of a large answer goes into
 * finding out, field by field, what the same query meant before. It is known again by its document, which the server
 * keeps of what it has parsed and validated.
 */
export function executor(schema: GraphQLSchema): Execute {
  const seen = new WeakMap<DocumentNode, Map<string, CompiledQuery | 'once' | 'not compiled'>>();

  function compiled(document: DocumentNode, name: string | undefined): CompiledQuery | null {
    const operations = seen.get(document) ?? new Map<string, CompiledQuery | 'once' | 'not compiled'>();
    seen.set(document, operations);
    const known = operations.get(name ?? '');
    if (typeof known === 'object') return known;
    const query = known === 'once' ? compileQuery(schema, document, name) : null;
    const isCompiled = query !== null && isCompiledQuery(query);
    operations.set(name ?? '', isCompiled ? query : known === undefined ? 'once' : 'not compiled');
    return isCompiled ? query : null;
  }

  return async ({ document, operationName, variables, context }) => {
    const definition = getOperationAST(document, operationName);
    const query = definition?.operation === OperationTypeNode.QUERY ? compiled(document, operationName) : null;
    // What is wrong with variables is for graphql-js to say
    if (query && definition && !getVariableValues(schema, definition.variableDefinitions ?? [], variables).errors) {
      return plain(await query.query(undefined, context, variables));
    }
    return execute({ schema, document, operationName, variableValues: variables, contextValue: context });
  };
}

/**
 * Errors as graphql-js makes them: one for each null that stands in a value's place, the first that came. Those of
 * compiled queries cannot be written to, which the server does when it formats them.
 */
function plain({ errors, ...result }: ExecutionResult): ExecutionResult {
  if (!errors) return result;
  const firsts = new Map(errors.toReversed().map((error) => [nullOf(result.data, error.path ?? []), error]));
  return {
    ...result,
    errors: errors
      .filter((error) => [...firsts.values()].includes(error))
      .map(({ message, path, originalError, extensions, locations }) => {
        const error = new GraphQLError(message, { path, originalError, extensions });
        return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
      }),
  };
}

/** Where on the path of an error the answer is null. */
function nullOf(data: unknown, path: readonly (string | number)[]): string {
  let value = data;
  const depth = path.findIndex((key) => {
    if (value == null) return true;
    value = (value as Record<string | number, unknown>)[key];
    return false;
  });
  return JSON.stringify(depth < 0 ? path : path.slice(0, depth));
}
