import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { Context } from '../graphql/context.ts';
import { MAX_BODY_BYTES } from '../graphql/limits.ts';
import { errorAnswer } from './http-errors.ts';

/**
 * Hands the plainest of all requests straight to Apollo: a POST of JSON of a known, ordinary length to /graphql.
 * Everything else goes to `others`, which would answer these as well, but Express takes as long for a request as a
 * small question takes in all.
 */
export function graphqlPosts(
  apollo: ApolloServer<Context>,
  newContext: (request: IncomingMessage) => Context,
  others: RequestListener,
): RequestListener {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === null) return;
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const httpGraphQLRequest = { method: 'POST', headers, search: '', body: JSON.parse(body) };
    const answered = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => newContext(request) });
    if (answered.body.kind === 'chunked') throw new Error('no answer comes in pieces: the schema has no @defer');
    const text = Buffer.from(answered.body.string);
    response.writeHead(answered.status ?? 200, [...answered.headers, ['content-length', text.length]].flat() as string[]).end(text);
  }

  return (request, response) => {
    if (isPlain(request)) answer(request, response).catch((error) => refuse(error, response));
    else others(request, response);
  };
}

function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    /^application\/json(; ?charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
    headers['content-encoding'] === undefined &&
    Number(headers['content-length']) <= MAX_BODY_BYTES
  );
}

/** null where the client went away. */
function bodyOf(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString('utf8')));
    request.on('close', () => resolve(null));
  });
}

function refuse(error: unknown, response: ServerResponse): void {
  const unreadable = error instanceof SyntaxError ? Object.assign(error, { status: 400 }) : error;
  const { status, body } = errorAnswer(unreadable, '/graphql');
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
