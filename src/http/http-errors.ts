import type { ErrorRequestHandler } from 'express';
import { type PublicError, publicError } from '../graphql/errors.ts';
import { MAX_BODY } from '../graphql/limits.ts';

const STATUS: Record<string, number> = { NOT_FOUND: 404, BAD_ID: 400, BAD_INPUT: 400, STORE_UNAVAILABLE: 503, OBJECTS_UNAVAILABLE: 503 };

/** Answers what no route could, in the shape of a GraphQL error: a clear sentence and a code, never a stack. */
export const httpErrors: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) return next(error);
  const { status, code, message } = unreadable(error) ?? withStatus(publicError(error, { path: request.path }));
  response.removeHeader('Cache-Control');
  response.removeHeader('ETag');
  response.status(status).json({ errors: [{ message, extensions: { code } }] });
};

const withStatus = (error: PublicError) => ({ ...error, status: STATUS[error.code] ?? 500 });

/** What Express makes of a request that it cannot read. */
function unreadable(error: unknown): (PublicError & { status: number }) | null {
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number') || error.status >= 500) return null;
  const message =
    error.status === 413
      ? `The request is larger than ${MAX_BODY}. Ask for less in one query; only an explain mutation may hold more: one image of 20 MB at most.`
      : 'The request cannot be read: its body must be JSON, or one file by the GraphQL multipart request specification, its address well-formed.';
  return { status: error.status, code: 'BAD_REQUEST', message };
}
