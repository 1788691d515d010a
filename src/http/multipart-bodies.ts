import type { RequestHandler } from 'express';
import graphqlUploadExpress from 'graphql-upload/graphqlUploadExpress.mjs';
import { MOST_UPLOAD_BYTES } from '../../store/uploads.ts';
import { MAX_BODY_BYTES } from '../graphql/limits.ts';
import { tooLarge } from './large-bodies.ts';

/**
 * Requests by the GraphQL multipart request specification, with one file at most, which waits in the system's folder
 * for temporary files until it is read. Apollo refuses them without a header that no form can send (CSRF prevention).
 */
export function multipartBodies(): RequestHandler[] {
  const refuseLarge: RequestHandler = (request, _, next) => {
    // Otherwise what is too much would be read to its end before it is refused
    const isTooLarge = request.is('multipart/form-data') && Number(request.get('content-length')) > MOST_UPLOAD_BYTES + 2 * MAX_BODY_BYTES;
    next(isTooLarge ? tooLarge() : undefined);
  };
  // One byte more, so that a file which is exactly as large as it may be is not cut off
  const limits = { maxFileSize: MOST_UPLOAD_BYTES + 1, maxFiles: 1, maxFieldSize: MAX_BODY_BYTES };
  const read = graphqlUploadExpress(limits);
  // Without a boundary nothing of the body would ever be read, nor the request answered; what is no multipart is the
  // client's fault
  const parts: RequestHandler = (request, response, next) => {
    if (!request.is('multipart/form-data')) return next();
    if (!/;\s*boundary=\S/i.test(request.get('content-type') ?? '')) return next(malformed(new Error('multipart without a boundary')));
    return read(request, response, (error?: unknown) => next(error instanceof Error && !('status' in error) ? malformed(error) : error));
  };
  return [refuseLarge, parts];
}

/** As Express says it of a body that it cannot read. */
const malformed = (error: Error) => Object.assign(error, { status: 400 });
