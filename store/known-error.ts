import { DissectoryError } from '../core/errors.ts';

/**
 * What PostgreSQL, Prisma, the driver or Node's network says: by SQLSTATE, by Prisma's code, by the adapter's kind of
 * error.
 */
const FULL = new Set(['53100', 'ENOSPC']);
const LOST = new Set([
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08004', '08006', '53300', '25P03'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'TooManyConnections', 'SocketTimeout'],
]);
/** pg gives these no code. */
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;
const READ_ONLY = '25006';
const UNTRANSLATABLE_CHARACTER = '22021';
/** By statement_timeout: a server gives every statement as long as a request may take. */
const CANCELLED = '57014';
/** Of the server's memory: `ulimit -v`, a small /dev/shm, a full machine. */
const NO_MEMORY = '53200';

/**
 * Turns what PostgreSQL, Prisma or the network reports into STORE_FULL, STORE_UNAVAILABLE or BAD_INPUT (a text that
 * cannot be stored); any other error comes back as it is.
 */
export function storeError(error: unknown): unknown {
  return knownError(error) ?? error;
}

/**
 * The error as users are told it; null where it is a defect. The edges (worker, HTTP, command line) ask this once of
 * all that reaches them.
 */
export function knownError(error: unknown): DissectoryError | null {
  if (error instanceof DissectoryError) return error;
  if (!(error instanceof Error)) return null;
  const codes = codesOf(error);
  const has = (known: ReadonlySet<string>) => codes.some((code) => known.has(code));
  if (has(FULL)) return new DissectoryError('STORE_FULL', fullMessage(error), { cause: error });
  if (has(LOST) || LOST_MESSAGE.test(error.message)) return unavailable(error, LOST_SENTENCE);
  if (codes.includes(NO_MEMORY)) return unavailable(error, `The database has no memory left (${error.message}): give its machine more.`);
  if (codes.includes(CANCELLED))
    return new DissectoryError('TOO_SLOW', 'The database took too long for this. Ask for less at a time.', { cause: error });
  if (codes.includes(READ_ONLY)) {
    return unavailable(
      error,
      'The database can only be read at the moment (a standby, perhaps): set DATABASE_URL to the one that is written.',
    );
  }
  if (codes.includes(UNTRANSLATABLE_CHARACTER)) {
    const message = 'A text in the request holds a character that cannot be stored, such as NUL. Leave it out.';
    return new DissectoryError('BAD_INPUT', message, { cause: error });
  }
  return null;
}

const LOST_SENTENCE =
  'The connection to the database was lost: do the same again once the server is back; what is stored already will be found.';

const unavailable = (cause: Error, message: string) => new DissectoryError('STORE_UNAVAILABLE', message, { cause });

/** Node says which file it could not write; PostgreSQL's own disk is meant otherwise. */
const fullMessage = (error: Error): string =>
  'path' in error && typeof error.path === 'string'
    ? `The disk of ${error.path} is full: free some space there, then do the same again.`
    : 'The disk of the database is full, and nothing of this was written: free some space there, then do the same again.';

interface Told {
  code?: unknown;
  cause?: unknown;
  /** Prisma's, around what its driver adapter threw. */
  meta?: { driverAdapterError?: { cause?: AdapterCause } };
}

interface AdapterCause {
  originalCode?: unknown;
  kind?: unknown;
}

/** SQLSTATE, Node's or Prisma's code, and the adapter's kind, wherever Prisma keeps them. */
function codesOf(error: Told): string[] {
  const adapters = error.meta?.driverAdapterError?.cause ?? (isAdapterCause(error.cause) ? error.cause : undefined);
  return [error.code, adapters?.originalCode, adapters?.kind].filter((code): code is string => typeof code === 'string');
}

const isAdapterCause = (cause: unknown): cause is AdapterCause =>
  typeof cause === 'object' && cause !== null && !(cause instanceof Error) && 'kind' in cause;
