import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, serve } from '../graphql/api.ts';

let api: Api;
beforeAll(async () => {
  api = await serve();
});
afterAll(() => api?.close());

/**
 * CSRF prevention wants a header that no form can send from queries by GET; browsers' clients and this audit add it.
 */
const fetchFn: typeof fetch = (url, init) => fetch(url, { ...init, headers: { 'apollo-require-preflight': 'true', ...init?.headers } });

describe('GraphQL over HTTP (the audits of graphql-http)', () => {
  it.each(serverAudits({ url: () => `${api.url}/graphql`, fetchFn }).map((audit) => [audit.name, audit] as const))(
    '%s',
    async (_, audit) => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
    },
  );
});

describe('the server', () => {
  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${api.url}/graphql`, { method: 'POST', headers, body });

  it('refuses simple cross-site requests', async () => {
    const get = await fetch(`${api.url}/graphql?query={__typename}`);
    expect(get.status).toBe(400);
    expect(await get.text()).toContain('CSRF');
    const form = await post('{"query":"{__typename}"}', { 'content-type': 'text/plain' });
    expect(form.status).toBe(400);
  });

  it('refuses a body of more than 256 kB, and one that is no JSON, in the shape of a GraphQL error', async () => {
    const large = await post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(300_000) } }));
    expect(large.status).toBe(413);
    expect(await large.json()).toEqual({ errors: [{ message: expect.stringContaining('256kb'), extensions: { code: 'BAD_REQUEST' } }] });
    const broken = await post('{"query":');
    expect(broken.status).toBe(400);
    expect(await broken.json()).toEqual({ errors: [{ message: expect.stringContaining('JSON'), extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('answers introspection, within its own limits', async () => {
    const { data } = await api.ask<IntrospectionQuery>(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }));
    expect(printSchema(buildClientSchema(data))).toContain('type Dissection implements Node');
  });

  it('shows a page at / to whoever asks, as curl does, and none where there is nothing', async () => {
    const response = await fetch(`${api.url}/`, { headers: { accept: '*/*' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('Dissectory');
    expect((await fetch(`${api.url}/nothing`, { headers: { accept: '*/*' } })).status).toBe(404);
  });

  it('shows a page at /graphiql that needs nothing from elsewhere, with queries that work', async () => {
    const response = await fetch(`${api.url}/graphiql`);
    expect(response.headers.get('content-type')).toMatch('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('/graphql');
    expect(page).not.toMatch(/https?:\/\//);
    const examples = JSON.parse(page.match(/const examples = (.*);/)?.[1] ?? '') as Record<string, string>;
    expect(Object.keys(examples)).toHaveLength(3);
    for (const [name, query] of Object.entries(examples)) {
      expect(page).toContain(`>${name}</button>`);
      expect((await api.ask(query)).errors).toBeUndefined();
    }
  });

  it('does not say what it is made of', async () => {
    expect((await fetch(api.url)).headers.get('x-powered-by')).toBeNull();
    expect((await fetch(`${api.url}/no-such-page`)).status).toBe(404);
    const malformed = await fetch(`${api.url}/images/%E0%A4%A.png`);
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});
