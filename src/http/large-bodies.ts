/**
 * How large a JSON request may be: 256 kB, as queries are small, and parsing millions of small values takes a second.
 * An image to be explained may come as base64, though: in a request that does nothing but `explain`, one base64 string
 * does not count. All else keeps within the 256 kB.
 */
import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler } from 'express';
import { Kind, parse } from 'graphql';
import { MOST_UPLOAD_BYTES } from '../../store/uploads.ts';
import { MAX_BODY_BYTES, MAX_TOKENS } from '../graphql/limits.ts';

const QUOTE = '"'.charCodeAt(0);
const MAX_BASE64 = Math.ceil(MOST_UPLOAD_BYTES / 3) * 4;

/** Parses JSON bodies. Refuses those that are too large with status 413. */
export function jsonBodies(): RequestHandler[] {
  const large = new WeakSet<IncomingMessage>();
  const verify = (request: IncomingMessage, _: unknown, body: Buffer) => {
    if (body.length <= MAX_BODY_BYTES) return;
    if (bytesBesideBase64(body) > MAX_BODY_BYTES) throw tooLarge();
    large.add(request);
  };
  return [
    express.json({ limit: MAX_BASE64 + MAX_BODY_BYTES, verify }),
    (request, _, next) => next(large.has(request) && !onlyExplains(request.body?.query) ? tooLarge() : undefined),
  ];
}

/** Base64 as it stands in JSON, where some write / as \\/. */
const BASE64 = /^[A-Za-z0-9+/=_\\-]*$/;

/** Before parsing: how much there is apart from one base64 string. Looks no further once that is too much. */
function bytesBesideBase64(body: Buffer): number {
  let rest = 0;
  let longest = { start: 0, end: 0 };
  for (let start = 0; start <= body.length && rest <= MAX_BODY_BYTES; ) {
    const quote = body.indexOf(QUOTE, start);
    const end = quote < 0 ? body.length : quote;
    const most = longest.end - longest.start;
    rest += 1 + Math.min(end - start, most);
    if (end - start > most) longest = { start, end };
    start = end + 1;
  }
  return BASE64.test(body.toString('latin1', longest.start, longest.end)) ? rest : body.length;
}

function onlyExplains(query: unknown): boolean {
  if (typeof query !== 'string' || query.length > MAX_BODY_BYTES) return false;
  try {
    const { definitions } = parse(query, { maxTokens: MAX_TOKENS, noLocation: true });
    return definitions.every(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ||
        (definition.kind === Kind.OPERATION_DEFINITION &&
          definition.selectionSet.selections.every((field) => field.kind === Kind.FIELD && field.name.value === 'explain')),
    );
  } catch {
    return false;
  }
}

/** Express's own shape of such an error; http-errors.ts says what a client reads. */
export const tooLarge = () => Object.assign(new Error('request entity too large'), { status: 413 });
