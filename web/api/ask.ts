import type { TypedDocumentString } from '../generated/documents.ts';
import { below } from '../root.ts';

/** What the API answers in place of data; `code` as in its `extensions.code`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Body<Data> {
  data?: Data | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Where a person's key is kept on this machine, for servers that want one. */
const KEY = 'dissectory-key';

export const rememberKey = (key: string): void => (key === '' ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, key));

/** Asks the API. @throws ApiError for the first of its errors, and with code UNREACHABLE where it does not answer */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const key = localStorage.getItem(KEY);
  const response = await fetch(below('graphql'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ query: document.toString(), variables }),
    signal,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('UNREACHABLE', 'The server does not answer. Is it running, and can this machine reach it?');
  });
  const body: Body<Data> = await response.json().catch(() => {
    throw new ApiError('UNREACHABLE', `Something other than the API answered, with status ${response.status}.`);
  });
  const [error] = body.errors ?? [];
  if (error) throw new ApiError(error.extensions?.code ?? 'UNEXPECTED', error.message);
  if (!body.data) throw new ApiError('UNEXPECTED', 'The answer holds no data.');
  return body.data;
}
