import type { ErrorRequestHandler } from 'express';
import { ERRORS } from '../../core/errors.ts';
import { MAX_BODY } from '../graphql/limits.ts';
import { type PublicError, publicError } from './public-errors.ts';

/** Answers what no route could, in the shape of a GraphQL error: a clear sentence and a code, never a stack. */
export const httpErrors: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) return next(error);
  const { status, body } = errorAnswer(error, request.path);
  response.removeHeader('Cache-Control');
  response.removeHeader('ETag');
  response.status(status).json(body);
};

/** Status and body of the answer to a request in which this was thrown. */
export function errorAnswer(error: unknown, path: string): { status: number; body: object } {
  const { status, code, message } = unreadable(error) ?? withStatus(publicError(error, { path }));
  return { status, body: { errors: [{ message, extensions: { code } }] } };
}

const withStatus = (error: PublicError) => ({ ...error, status: error.code === 'INTERNAL_SERVER_ERROR' ? 500 : ERRORS[error.code].status });

/** What Express makes of a request that it cannot read. */
function unreadable(error: unknown): { status: number; code: string; message: string } | null {
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number') || error.status >= 500) return null;
  const message =
    error.status === 413
      ? `The request is larger than ${MAX_BODY}. Ask for less in one query; only an explain mutation may hold more: one image of 20 MB at most.`
      : 'The request cannot be read: its body must be JSON, or one file by the GraphQL multipart request specification, its address well-formed.';
  return { status: error.status, code: 'BAD_REQUEST', message };
}
