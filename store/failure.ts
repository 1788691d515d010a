import { DissectoryError } from '../core/errors.ts';

const FULL = new Set(['53100', 'ENOSPC']);
const LOST = new Set([
  ...['57P01', '57P02', '57P03', '08000', '08003', '08006', '53300'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['P1001', 'P1002', 'P1008', 'P1017'],
]);
/** pg gives these no code. */
const LOST_MESSAGE = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Turns what PostgreSQL, Prisma or the network reports into STORE_FULL or STORE_UNAVAILABLE; any other error comes back as it is. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DissectoryError) return error;
  const code = codeOf(error);
  if (FULL.has(code)) {
    const message = 'The disk of the database is full, and nothing of this was written: free some space there, then do the same again.';
    return new DissectoryError('STORE_FULL', message, { cause: error });
  }
  if (LOST.has(code) || LOST_MESSAGE.test(error.message)) {
    const message =
      'The connection to the database was lost: do the same again once the server is back; what is stored already will be found.';
    return new DissectoryError('STORE_UNAVAILABLE', message, { cause: error });
  }
  return error;
}

/** SQLSTATE, Node's or Prisma's code. Prisma keeps the first of them deep in its `meta`. */
function codeOf(error: Error & { code?: string; meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } }): string {
  return error.meta?.driverAdapterError?.cause?.originalCode ?? error.code ?? '';
}
