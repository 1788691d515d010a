import { DissectoryError } from '../../core/errors.ts';
import { parseObjectUrl } from './url.ts';

const DENIED = 'see that AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL are right, and that they may read it';

/**
 * Turns what the S3 client reports into NOT_FOUND, FORBIDDEN (no credentials, or not enough), BAD_INPUT (another
 * region) or OBJECTS_UNAVAILABLE, which may pass. What is no answer and no lost connection, such as a signal's reason,
 * comes back as it is.
 */
export function objectsError(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof DissectoryError) return error;
  const { name, message, cause } = { name: error.name, message: error.message, cause: error };
  const status = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  const { bucket } = parseObjectUrl(url);
  if (name === 'AbortError') return error;
  if (name === 'NoSuchBucket') return new DissectoryError('NOT_FOUND', `There is no bucket "${bucket}" in the object storage.`, { cause });
  if (status === 404) return new DissectoryError('NOT_FOUND', `There is no ${url} in the object storage.`, { cause });
  if (name === 'CredentialsProviderError') {
    return new DissectoryError(
      'FORBIDDEN',
      `There are no credentials to read ${url} with: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
      { cause },
    );
  }
  if (status === 401 || status === 403) return new DissectoryError('FORBIDDEN', `${url} may not be read (${name}): ${DENIED}.`, { cause });
  if (status === 301 || status === 400) {
    return new DissectoryError(
      'BAD_INPUT',
      `The object storage refuses to read ${url} (${name}): see that AWS_REGION is that of the bucket.`,
      { cause },
    );
  }
  if (status === 412) return objectChanged(url);
  if (status === undefined && !isNetworks(error)) return error;
  const why = status === undefined ? ('code' in error ? error.code : name) : `${status} ${name}`;
  return new DissectoryError(
    'OBJECTS_UNAVAILABLE',
    `The object storage does not answer for ${url} (${why}${message === '' ? '' : `: ${message}`}): see that it runs and that AWS_ENDPOINT_URL is right.`,
    { cause },
  );
}

export const objectChanged = (url: string): DissectoryError =>
  new DissectoryError('OBJECTS_UNAVAILABLE', `${url} changed while it was read: read it again.`);

/** Node's codes of connections that could not be made or broke, and the client's own time limits. */
function isNetworks(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(E(CONN|HOST|NET|PIPE|TIMEDOUT|NOTFOUND|AI_)|ERR_(STREAM_PREMATURE|TLS|SSL)|CERT_|UNABLE_TO|SELF_SIGNED)/.test(code) ||
    error.name === 'TimeoutError'
  );
}
