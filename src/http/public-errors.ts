/** What a client may read of an error: messages meant for users, GraphQL's own, and an id for all else. */
import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { DissectoryError, type ErrorCode } from '../../core/errors.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { storeError } from '../../store/failure.ts';
import { log } from './log.ts';

/** An error as a client sees it. */
export interface PublicError {
  code: ErrorCode | 'INTERNAL_SERVER_ERROR';
  message: string;
}

/** Apollo's formatError. Errors in the query itself (syntax, validation, coercion, limits) stay as they are; nothing unknown gets out. */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (userError(cause) === null && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
  const { message, code } = publicError(cause, { path: formatted.path });
  return { message, locations: formatted.locations, path: formatted.path, extensions: { code } };
}

/** The code and message of a user's error; anything else is logged with `details` under an id, and the id is all that is said. */
export function publicError(error: unknown, details: object): PublicError {
  const known = userError(error);
  if (known) return { code: known.code, message: known.message };
  const id = randomUUID();
  log.error({ id, err: error, ...details }, 'request failed');
  return {
    code: 'INTERNAL_SERVER_ERROR',
    message: `Something went wrong here, not in your request. The server's log says more under ${id}.`,
  };
}

/** Of the driver adapter; raw queries carry no other code. */
const UNAVAILABLE: readonly unknown[] = ['DatabaseNotReachable', 'ConnectionClosed', 'TooManyConnections', 'SocketTimeout'];
const UNTRANSLATABLE_CHARACTER = '22021';

function userError(error: unknown): DissectoryError | null {
  const stored = storeError(error);
  if (stored instanceof DissectoryError) return stored;
  const cause = driverError(error);
  if (UNAVAILABLE.includes(cause?.kind)) {
    return new DissectoryError(
      'STORE_UNAVAILABLE',
      'The database does not answer at the moment. Try again shortly; /ready says when it does.',
    );
  }
  if (cause?.originalCode === UNTRANSLATABLE_CHARACTER) {
    return new DissectoryError('BAD_INPUT', 'A text in the request holds a character that cannot be stored, such as NUL. Leave it out.');
  }
  return null;
}

/** What the driver said, where Prisma keeps it. */
function driverError(error: unknown): { kind?: unknown; originalCode?: unknown } | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  return (error.meta?.driverAdapterError as { cause?: { kind?: unknown; originalCode?: unknown } } | undefined)?.cause;
}
