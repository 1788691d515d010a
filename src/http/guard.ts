/**
 * Who may do what, decided in one place before all routes: name of the host, origin, method, key, rate. It knows no
 * framework, as the plainest requests go past Express.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit, Scope } from '../../core/access.ts';
import { DissectoryError } from '../../core/errors.ts';
import { findKey } from '../../store/keys.ts';
import type { Store } from '../../store/store.ts';
import { setAccess } from './access.ts';
import { errorAnswer } from './http-errors.ts';
import type { AccessSettings } from './settings.ts';

/**
 * Lets through to `routes` what may pass, with its access (`accessOf`); answers all else.
 *
 * @param host that the server listens on
 */
export function guarded(store: Pick<Store, 'prisma'>, host: string, settings: AccessSettings, routes: RequestListener): RequestListener {
  const isLocal = isLoopback(host);
  const setHeaders = securityHeaders(settings);
  const requireHost = hosts(isLocal, settings);
  const allowOrigin = cors(settings);
  const admit = access(store, isLocal, settings);

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    setHeaders(response);
    requireHost(request);
    allowOrigin(request, response);
    if (!isAnswered(request, response)) await admit(request, response);
    return !response.writableEnded;
  }

  return (request, response) => {
    pass(request, response)
      .then((passed) => passed && routes(request, response))
      .catch((error: unknown) => {
        const { status, body } = errorAnswer(error, pathOf(request));
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
      });
  };
}

/** Nothing that is served may be framed, or be taken for what it is not; pages say more of themselves. */
function securityHeaders({ origins }: AccessSettings): (response: ServerResponse) => void {
  const fixed = Object.entries({
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': origins.length > 0 ? 'cross-origin' : 'same-origin',
    Vary: 'Origin',
  });
  return (response) => {
    for (const [name, value] of fixed) response.setHeader(name, value);
  };
}

/**
 * A page of somebody else's can have its own name lead to 127.0.0.1 and so read what is served there (DNS rebinding): a
 * server on this machine answers only to names of this machine, and to hosts of allowed origins, which a proxy in front
 * of it passes on.
 */
function hosts(isLocal: boolean, { origins }: AccessSettings): (request: IncomingMessage) => void {
  const allowed = new Set(origins.filter((origin) => origin !== '*').map((origin) => new URL(origin).hostname));
  return ({ headers: { host = '' } }) => {
    if (!isLocal) return;
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : '';
    if (isLoopback(name) || allowed.has(name)) return;
    throw new DissectoryError('FORBIDDEN', 'This server answers only to localhost, and to hosts of the origins in DISSECTORY_ORIGINS.');
  };
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith('127.');
  return isIPv6(host) ? host === '::1' || host.startsWith('::ffff:127.') : host === 'localhost' || host.endsWith('.localhost');
}

const READ_HEADERS = 'RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, ETag';
const SENT_HEADERS = 'authorization, content-type, apollo-require-preflight, last-event-id, x-graphql-event-stream-token';
const PREFLIGHT_SECONDS = '600';

/**
 * Pages of allowed origins may read what is answered, and ask first whether they may (preflight). No cookies: nobody
 * has one.
 */
function cors({ origins }: AccessSettings): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { origin } = request.headers;
    if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', READ_HEADERS);
    if (request.method !== 'OPTIONS') return;
    response.setHeader('Access-Control-Allow-Methods', methodsOf(pathOf(request)).join(', '));
    response.setHeader('Access-Control-Allow-Headers', SENT_HEADERS);
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
  };
}

/** Answers OPTIONS, and methods that a path does not take. */
function isAnswered(request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request);
  const { method = '' } = request;
  const allow = methodsOf(path);
  if (method !== 'OPTIONS' && allow.includes(method)) return false;
  response.setHeader('Allow', allow.join(', '));
  if (method === 'OPTIONS') {
    response.writeHead(204).end();
    return true;
  }
  const message = `${method} is not for ${path.slice(0, 100)}: use ${allow.join(', ')}.`;
  response.writeHead(405, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code: 'METHOD_NOT_ALLOWED' } }] }));
  return true;
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0];

function methodsOf(path: string): string[] {
  if (/^\/graphql\/stream\/?$/i.test(path)) return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];
  if (/^\/graphql\/?$/i.test(path)) return ['GET', 'HEAD', 'POST', 'OPTIONS'];
  return ['GET', 'HEAD', 'OPTIONS'];
}

/** Load balancers ask these without a key. */
const OPEN: ReadonlySet<string> = new Set(['/health', '/ready']);

type Admit = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function access(store: Pick<Store, 'prisma'>, isLocal: boolean, { readNeedsKey, requestsPerMinute }: AccessSettings): Admit {
  const limiter = requestsPerMinute > 0 ? new RateLimiterMemory({ points: requestsPerMinute, duration: 60 }) : null;
  return async (request, response) => {
    if (OPEN.has(pathOf(request))) return;
    const proxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
    // What a proxy passes on comes from elsewhere, although the proxy is here
    const isHere = isLocal && !proxied;
    const address = addressOf(request);
    const token = tokenOf(request);
    const key = token === null ? null : await findKey(store, token);
    const rateLimit = limiter && !isHere ? await counted(limiter, requestsPerMinute, key ? `key ${key.id}` : address, response) : null;
    if (token !== null && !key) throw unauthenticated(response, 'This key is not valid, or was revoked.');
    if (!key && !isHere && readNeedsKey) throw unauthenticated(response, 'Reading from here needs a key.');
    const scope: Scope = key?.scope ?? (isHere ? 'ADMIN' : 'READ');
    setAccess(request, { scope, key: key?.name ?? null, address, rateLimit, isGone: () => request.socket.destroyed });
  };
}

/** Of who asks; where a proxy on this machine passes it on, what the proxy saw, which it adds last. */
function addressOf({ headers, socket: { remoteAddress = '' } }: IncomingMessage): string {
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim();
  return forwarded && isLoopback(remoteAddress) ? forwarded.slice(0, 100) : remoteAddress;
}

/** What was sent as a key; null where nothing was. */
function tokenOf({ headers: { authorization } }: IncomingMessage): string | null {
  if (authorization === undefined) return null;
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

function unauthenticated(response: ServerResponse, why: string): DissectoryError {
  response.setHeader('WWW-Authenticate', 'Bearer');
  return new DissectoryError('UNAUTHENTICATED', `${why} Send one as "Authorization: Bearer KEY"; \`dissectory key create\` makes them.`);
}

/** Counts a request. Throws RATE_LIMITED where there were too many. */
async function counted(limiter: RateLimiterMemory, limit: number, caller: string, response: ServerResponse): Promise<RateLimit> {
  const outcome = await limiter.consume(caller).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  const seconds = Math.ceil(outcome.msBeforeNext / 1000);
  response.setHeader('RateLimit-Limit', limit);
  response.setHeader('RateLimit-Remaining', outcome.remainingPoints);
  response.setHeader('RateLimit-Reset', seconds);
  if (outcome.consumedPoints > limit) {
    response.setHeader('Retry-After', seconds);
    throw new DissectoryError('RATE_LIMITED', `More than ${limit} requests a minute: ask again in ${seconds} s.`);
  }
  return { limit, remaining: outcome.remainingPoints, resetAt: new Date(Date.now() + outcome.msBeforeNext) };
}
