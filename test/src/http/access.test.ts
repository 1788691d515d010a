/** Who may do what, from where; each attack with its answer. */
import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../src/http/server.ts';
import { type AccessSettings, accessSettings, DEFAULT_ACCESS } from '../../../src/http/settings.ts';
import { createKey, findKey, listKeys, revokeKey } from '../../../store/keys.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';

let database: TestDatabase;
let store: Store;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  database = await createDatabase();
  store = await openStore({ url: database.url, migrate: 'check' });
  for (const scope of ['READ', 'INGEST', 'ADMIN'] as const) tokens[scope] = (await createKey(store, scope.toLowerCase(), scope)).token;
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server, and how it is reached on this machine whatever it listens on. */
async function served(
  host: string,
  settings: Partial<AccessSettings> = {},
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const server = await startServer({ store, port: 0, host, access: { ...DEFAULT_ACCESS, ...settings } });
  servers.push(server);
  const { port } = new URL(server.url);
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

const RATING = 'mutation { answerStudy(token: "none", answer: { question: "x", yes: true }) { done } }';
const MUTATION = 'mutation { removeSchedule(name: "nightly") }';
const asking = (query: string, token?: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  body: JSON.stringify({ query }),
});
const outcome = async (response: Response) => {
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return [response.status, errors?.[0].extensions.code ?? data];
};

describe('keys', () => {
  it('are found by what their holder sends, until they are revoked; the store holds no secret', async () => {
    const { token, key } = await createKey(store, 'lab', 'INGEST');
    expect(await findKey(store, token)).toMatchObject({ name: 'lab', scope: 'INGEST' });
    expect(JSON.stringify(await listKeys(store))).not.toContain(token.split('_')[2]);
    const other = (character: string) => (character === 'A' ? 'B' : 'A');
    for (const wrong of [
      '',
      'lab',
      token.slice(0, -1),
      `${token.slice(0, -1)}${other(token.at(-1) as string)}`,
      token.replace(`_${key.id}_`, '_999_'),
      `${token}\0`,
    ]) {
      expect(await findKey(store, wrong), wrong).toBeNull();
    }
    await expect(createKey(store, 'lab', 'READ')).rejects.toMatchObject({ code: 'CONFLICT' });
    await revokeKey(store, 'lab');
    expect(await findKey(store, token)).toBeNull();
    await expect(revokeKey(store, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a server on this machine', () => {
  it('lets everything be done without a key, and refuses a key that is none', async () => {
    const ask = await served('127.0.0.1');
    expect(await outcome(await ask('/graphql', asking(MUTATION)))).toEqual([200, { removeSchedule: false }]);
    expect(await outcome(await ask('/graphql', asking('{ auditLog { key } rateLimit { limit } }')))).toMatchObject([
      200,
      { rateLimit: null },
    ]);
    expect(await outcome(await ask('/graphql', asking('{ __typename }', 'none')))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await outcome(await ask('/graphql', asking(MUTATION, tokens.READ)))).toEqual([403, 'FORBIDDEN']);
  });

  it('answers to no other name: a page whose name leads here reads nothing (DNS rebinding)', async () => {
    const server = await startServer({
      store,
      port: 0,
      host: '127.0.0.1',
      access: { ...DEFAULT_ACCESS, origins: ['https://lab.example'] },
    });
    servers.push(server);
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const { port } = new URL(server.url);
        http
          .get({ host: '127.0.0.1', port, path: '/images/x.png', headers: { host } }, (response) => resolve(response.resume().statusCode))
          .on('error', reject);
      });
    for (const host of ['evil.example', 'evil.example:4000', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1']) {
      expect(await statusFor(host), host).toBe(403);
    }
    for (const host of ['localhost', 'localhost:4000', '127.0.0.1:80', '[::1]:4000', 'lab.example'])
      expect(await statusFor(host), host).toBe(400);
  });

  it('treats what a proxy passes on as coming from elsewhere', async () => {
    const ask = await served('127.0.0.1');
    expect(await outcome(await ask('/graphql', asking(MUTATION, undefined, { 'x-forwarded-for': '203.0.113.9' })))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });
});

describe('a server that is reached from elsewhere', () => {
  it.each([
    ['nobody', undefined, [401, 'UNAUTHENTICATED'], [200, { __typename: 'Query' }], 403],
    ['read', 'READ', [403, 'FORBIDDEN'], [200, { __typename: 'Query' }], 403],
    ['ingest', 'INGEST', [200, { removeSchedule: false }], [200, { __typename: 'Query' }], 403],
    ['admin', 'ADMIN', [200, { removeSchedule: false }], [200, { __typename: 'Query' }], 200],
  ])('lets %s do what the scope says', async (_, scope, mutation, query, audit) => {
    const ask = await served('0.0.0.0');
    const token = scope && tokens[scope];
    expect(await outcome(await ask('/graphql', asking(MUTATION, token)))).toEqual(mutation);
    expect(await outcome(await ask('/graphql', asking('{ __typename }', token)))).toEqual(query);
    const log = await outcome(await ask('/graphql', asking('{ auditLog(first: 1) { fields } }', token)));
    expect(log[1] === 'FORBIDDEN' ? 403 : 200).toBe(audit);
    expect((await ask('/images/x.png', token ? { headers: { authorization: `Bearer ${token}` } } : {})).status).toBe(400);
  });

  it('takes answers of raters by the token of their link alone, and of nothing else beside them', async () => {
    const ask = await served('0.0.0.0');
    const [, code] = await outcome(await ask('/graphql', asking(RATING)));
    expect(code).toBe('NOT_FOUND'); // the token is looked at, and is none
    const both = RATING.replace(/}$/, 'removeSchedule(name: "nightly") }');
    expect(await outcome(await ask('/graphql', asking(both)))).toEqual([401, 'UNAUTHENTICATED']);
    const asFragment = RATING.replace('mutation {', 'mutation { ... on Mutation { removeSchedule(name: "nightly") }');
    expect(await outcome(await ask('/graphql', asking(asFragment)))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('asks for a key for reading too where the operator says so, for pictures and streams as well', async () => {
    const ask = await served('0.0.0.0', { readNeedsKey: true });
    for (const path of ['/images/x.png', '/graphql/stream', '/metrics', '/']) {
      const response = await ask(path);
      expect([path, response.status, response.headers.get('www-authenticate')]).toEqual([path, 401, 'Bearer']);
    }
    expect(await outcome(await ask('/graphql', asking('{ __typename }')))).toEqual([401, 'UNAUTHENTICATED']);
    expect(await outcome(await ask('/graphql', asking('{ __typename }', tokens.READ)))).toEqual([200, { __typename: 'Query' }]);
    expect((await ask('/health')).status).toBe(200);
  });

  it('counts requests for each key or address, and says how many are left', async () => {
    const ask = await served('0.0.0.0', { requestsPerMinute: 3 });
    const left = async (token?: string) => {
      const response = await ask('/graphql', asking('{ rateLimit { limit remaining } }', token));
      return [response.status, response.headers.get('ratelimit-remaining'), (await outcome(response))[1]];
    };
    expect(await left()).toEqual([200, '2', { rateLimit: { limit: 3, remaining: 2 } }]);
    await left();
    expect(await left()).toEqual([200, '0', { rateLimit: { limit: 3, remaining: 0 } }]);
    expect(await left()).toEqual([429, '0', 'RATE_LIMITED']);
    expect(await left(tokens.READ)).toEqual([200, '2', { rateLimit: { limit: 3, remaining: 2 } }]);
    const refused = await ask('/images/x.png');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
  });

  it('writes mutations down: who, what, and how it went', async () => {
    const ask = await served('0.0.0.0');
    const query = 'mutation Stop($name: String!) { removeSchedule(name: $name) }';
    const sent = { ...asking(query, tokens.INGEST), body: JSON.stringify({ query, variables: { name: `x\0${'y'.repeat(5000)}` } }) };
    await ask('/graphql', sent);
    await ask('/graphql', asking(MUTATION, tokens.READ));
    const [, data] = await outcome(
      await ask('/graphql', asking('{ auditLog(first: 2) { key address fields variables error } }', tokens.ADMIN)),
    );
    const { auditLog } = data as { auditLog: { variables: { name?: string } }[] };
    expect(auditLog).toMatchObject([
      { key: 'read', fields: ['removeSchedule'], error: 'FORBIDDEN' },
      { key: 'ingest', address: expect.stringContaining('127.0.0.1'), fields: ['removeSchedule'] },
    ]);
    expect(auditLog[1].variables.name?.length).toBe(200);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://lab.example';

  it('read answers where the operator lists them, and are asked before they send what no form could', async () => {
    const ask = await served('127.0.0.1', { origins: [origin] });
    const preflight = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, content-type' };
    const allowed = await ask('/graphql', { method: 'OPTIONS', headers: preflight });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([
      204,
      origin,
      'Origin',
    ]);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    const answer = await ask('/graphql', asking('{ __typename }', undefined, { origin }));
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('read nothing otherwise', async () => {
    const ask = await served('127.0.0.1', { origins: [origin] });
    for (const other of ['https://evil.example', 'https://lab.example.evil.example', 'null', 'http://lab.example']) {
      const answer = await ask('/graphql', asking('{ __typename }', undefined, { origin: other }));
      expect(answer.headers.get('access-control-allow-origin'), other).toBeNull();
    }
  });
});

it('every answer says that it may not be framed or taken for what it is not', async () => {
  const ask = await served('127.0.0.1');
  for (const path of ['/graphql', '/images/x.png', '/health', '/nothing', '/graphiql']) {
    const { headers } = await ask(path, { headers: { accept: '*/*' } });
    expect([path, headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([path, 'nosniff', 'DENY']);
  }
});

it('a method that a path does not take is answered with those that it takes', async () => {
  const ask = await served('127.0.0.1');
  for (const [path, method, allow] of [
    ['/graphql', 'DELETE', 'GET, HEAD, POST, OPTIONS'],
    ['/images/x.png', 'POST', 'GET, HEAD, OPTIONS'],
    ['/health', 'PUT', 'GET, HEAD, OPTIONS'],
  ]) {
    const response = await ask(path, { method });
    expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, allow]);
  }
});

describe('settings', () => {
  it('come from the environment', () => {
    expect(accessSettings({})).toEqual(DEFAULT_ACCESS);
    const env = { DISSECTORY_ORIGINS: 'https://lab.example, http://localhost:5173', DISSECTORY_READ: 'key', DISSECTORY_RATE_LIMIT: '0' };
    expect(accessSettings(env)).toEqual({
      origins: ['https://lab.example', 'http://localhost:5173'],
      readNeedsKey: true,
      requestsPerMinute: 0,
    });
  });

  it.each([
    { DISSECTORY_ORIGINS: 'lab.example' },
    { DISSECTORY_ORIGINS: 'https://lab.example/app' },
    { DISSECTORY_READ: 'no' },
    { DISSECTORY_RATE_LIMIT: 'many' },
  ])('are refused where they cannot be understood: %j', (env) => {
    expect(() => accessSettings(env)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
