/** What a client may read of an error: messages meant for users, GraphQL's own, and an id for all else. */
import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../../core/errors.ts';
import { knownError } from '../../store/known-error.ts';
import { log } from './log.ts';

/** An error as a client sees it. */
export interface PublicError {
  code: ErrorCode | 'INTERNAL_SERVER_ERROR';
  message: string;
}

/**
 * Apollo's formatError. Errors in the query itself (syntax, validation, coercion, limits) stay as they are; nothing
 * unknown gets out.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (knownError(cause) === null && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  const { message, code } = publicError(cause, { path: formatted.path });
  return { message, locations: formatted.locations, path: formatted.path, extensions: { code } };
}

/**
 * The code and message of a user's error; anything else is logged with `details` under an id, and the id is all that is
 * said.
 */
export function publicError(error: unknown, details: object): PublicError {
  const known = knownError(error);
  if (known) return { code: known.code, message: known.message };
  const id = randomUUID();
  log.error({ id, err: error, ...details }, 'request failed');
  return {
    code: 'INTERNAL_SERVER_ERROR',
    message: `Something went wrong here, not in your request. The server's log says more under ${id}.`,
  };
}
