/**
 * What one request may cost: each attack with its answer, and how long the server takes for it. Who may do what:
 * access.test.ts.
 */
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { openStore } from '../../../store/store.ts';
import { type Api, serve } from '../graphql/api.ts';
import { seedWithExperiments } from '../graphql/seed-experiments.ts';

let api: Api;
beforeAll(async () => {
  api = await serve(({ prisma }) => seedWithExperiments(prisma, 3));
});
afterAll(() => api?.close());

const CYCLE =
  'images(first: $n) { nodes { image { concepts { concept { images(first: $n) { nodes { image { concepts { concept { name } } } } } } } } } }';

describe('an answer that would be too large is refused', () => {
  it('before anything is read where its pages say so, also in variables', async () => {
    const query = `query Q($n: Int) { concepts(dataset: "tiny", first: $n) { nodes { ${CYCLE} } } }`;
    const { errors } = await api.ask(query, { n: 500 });
    expect(errors).toMatchObject([{ message: expect.stringContaining('smaller first'), extensions: { code: 'BAD_INPUT' } }]);
    const aliases = Array.from(
      { length: 60 },
      (_, i) => `a${i}: concepts(dataset: "tiny", first: $n) { nodes { images(first: $n) { nodes { pixels } } } }`,
    );
    expect((await api.ask(`query Q($n: Int) { ${aliases.join(' ')} }`, { n: 200 })).errors).toMatchObject([
      { extensions: { code: 'BAD_INPUT' } },
    ]);
  });

  it('while it is made where lists without pages multiply, though nothing more is read; the server answers others meanwhile', async () => {
    const query = `query Q($n: Int) { a: concepts(dataset: "tiny", first: $n) { nodes { ${CYCLE} } } b: concepts(dataset: "tiny", first: $n) { nodes { ${CYCLE} } } }`;
    const started = Date.now();
    const attack = api.ask(query, { n: 20 });
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    const { errors, data } = await attack;
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({ message: expect.stringContaining('more than 60000 items'), extensions: { code: 'BAD_INPUT' } });
    expect(errors?.length).toBeLessThanOrEqual(20);
  });

  it('and says what a question costs where it is asked to', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ concepts(dataset: "tiny", first: 3) { nodes { images(first: 2) { nodes { pixels } } } } }',
        extensions: { cost: true },
      }),
    });
    const { extensions } = (await response.json()) as { extensions: unknown };
    expect(extensions).toEqual({ cost: { requested: 3 * (1 + 1 + 2 * (1 + 1)), actual: 3 + 3 * 2, rows: expect.any(Number) } });
  });
});

it('a statement that takes too long is ended, and said so', async () => {
  const store = await openStore({ url: api.store.url, migrate: 'check', statementMs: 100 });
  try {
    const { knownError } = await import('../../../store/known-error.ts');
    const error = await store.pool.query('SELECT pg_sleep(5)').catch((cause: unknown) => cause);
    expect(knownError(error)).toMatchObject({ code: 'TOO_SLOW' });
    const byPrisma = await store.prisma.$queryRaw`SELECT pg_sleep(5)`.catch((cause: unknown) => cause);
    expect(knownError(byPrisma)).toMatchObject({ code: 'TOO_SLOW' });
  } finally {
    await store.close();
  }
});

/** In every text, number and id that a question takes. */
const TEXTS = [
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '',
  ' ',
  "'; DROP TABLE units; --",
  '%',
  '\\',
  'x'.repeat(100_000),
  '‮',
  '../../etc/passwd',
];
const NUMBERS = [2147483647, -2147483648, -1, 0];
const FLOATS = [1e308, -1e308, 5e-324, -0, 0];

describe('whatever stands in an argument, the fault is never the server’s', () => {
  const internal = async (query: string, variables: Record<string, unknown>) => {
    const { errors = [] } = await api.ask(query, variables);
    return errors.filter(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR').map(({ message }) => [query, variables, message]);
  };

  it.each([
    'query Q($v: String!) { model(slug: $v) { id layer(name: $v) { dissection(dataset: $v) { id } } } dataset(slug: $v) { id } series(slug: $v) { id } }',
    'query Q($v: String!) { concepts(dataset: "tiny", search: $v) { totalCount nodes { id } } concept(dataset: "tiny", name: $v) { id } }',
    'query Q($v: String!) { units(filter: { dataset: "tiny", concept: $v, models: [$v], layers: [$v], search: $v }) { totalCount nodes { id } } }',
    'query Q($v: String!) { models(filter: { search: $v, architecture: $v, trainingData: $v, task: $v, series: $v }, after: $v) { totalCount } }',
    'query Q($v: String!) { compare(layers: [{ model: $v, layer: $v }], dataset: "tiny") { minIou } }',
    'query Q($v: String!) { experiments(filter: { model: $v, dataset: $v }) { totalCount } jobs(after: $v) { totalCount } }',
    'mutation M($v: String!) { stopWatching(series: $v) removeSchedule(name: $v) }',
    'mutation M($v: String!) { setSchedule(input: { name: $v, cron: $v, timeZone: $v, series: { series: "run-1", dataset: "tiny" } }) { name } }',
    'mutation M($v: String!) { requestDissection(input: { model: $v, dataset: $v, layers: [$v] }) { id } }',
  ])('texts: %s', async (query) => {
    expect((await Promise.all(TEXTS.map((v) => internal(query, { v })))).flat()).toEqual([]);
  });

  it.each([
    'query Q($v: Int!) { models(first: $v) { totalCount } concepts(dataset: "tiny", first: $v) { totalCount } }',
    'query Q($v: Int!) { model(slug: "run-1") { layer(name: "conv2") { dissection(dataset: "tiny") { unit(index: $v) { id } units(first: $v) { totalCount } } } } }',
    'query Q($v: Int!) { series(slug: "run-1") { unitHistory(layer: "conv2", unit: $v, dataset: "tiny") { unit { id } } } }',
    'query Q($v: Int!) { experiments { nodes { iouAgainstTau(unit: $v) { points { tau } } } } auditLog(first: $v) { key } }',
    'mutation M($v: Int!) { requestDissection(input: { model: "run-1", dataset: "tiny", shards: $v, priority: $v }) { id } }',
    'mutation M($v: Int!) { requestExperiment(input: { model: "run-1", dataset: "tiny", layer: "conv2", rotation: { seeds: [$v] } }) { id } }',
  ])('whole numbers: %s', async (query) => {
    expect((await Promise.all(NUMBERS.map((v) => internal(query, { v })))).flat()).toEqual([]);
  });

  it.each([
    'query Q($v: Float!) { units(filter: { dataset: "tiny", minIou: $v, tau: $v }) { totalCount } }',
    'query Q($v: Float!) { model(slug: "run-1") { layer(name: "conv2") { dissection(dataset: "tiny", tau: $v) { id } d: dissection(dataset: "tiny") { iouSweep(minIous: [$v]) { detectors } detectors(minIou: $v) } } } }',
    'mutation M($v: Float!) { requestDissection(input: { model: "run-1", dataset: "tiny", tau: $v }) { id } }',
    'mutation M($v: Float!) { requestExperiment(input: { model: "run-1", dataset: "tiny", layer: "conv2", tauSweep: { taus: [$v] } }) { id } }',
  ])('numbers: %s', async (query) => {
    expect((await Promise.all(FLOATS.map((v) => internal(query, { v })))).flat()).toEqual([]);
  });

  it('cursors and ids: of other lists and types, cut off, made up', async () => {
    const { data } = await api.ask<{ models: { pageInfo: { endCursor: string } } }>('{ models(first: 1) { pageInfo { endCursor } } }');
    const cursor = data.models.pageInfo.endCursor;
    for (const v of [cursor, cursor.slice(0, -2), 'bnVsbA', Buffer.from('["IOU_DESC",1e999,1]').toString('base64url'), randomUUID()]) {
      for (const query of [
        'query Q($v: String!) { units(filter: { dataset: "tiny" }, after: $v) { totalCount } }',
        'query Q($v: String!) { concepts(dataset: "tiny", after: $v) { totalCount } }',
      ]) {
        const { errors } = await api.ask(query, { v });
        expect(errors?.[0].extensions.code).toBe('BAD_INPUT');
      }
    }
    for (const v of [globalId('Unit', 2147483647), 'VW5pdDoy', 'VW5pdDowMQ', '\0', 'x'.repeat(10_000)]) {
      expect(await internal('query Q($v: ID!) { node(id: $v) { id } job(id: $v) { id } }', { v })).toEqual([]);
      expect(await internal('mutation M($v: ID!) { cancelJob(id: $v) { id } }', { v })).toEqual([]);
    }
  });
});

describe('what is asked for again and again comes to an end', () => {
  const asked = (query: string) => api.ask(query).then(({ errors }) => errors?.[0]?.extensions.code);

  it('jobs, where ten thousand wait', async () => {
    await api.store.pool.query(
      `INSERT INTO jobs (kind, payload, key, delivery) SELECT 'DISSECT', '{}', 'flood ' || i, gen_random_uuid() FROM generate_series(1, 10000) i`,
    );
    expect(await asked('mutation { requestDissection(input: { model: "run-1", dataset: "tiny" }) { id } }')).toBe('RATE_LIMITED');
    await api.store.pool.query("DELETE FROM jobs WHERE key LIKE 'flood %'");
    expect(await asked('mutation { requestDissection(input: { model: "run-1", dataset: "tiny" }) { id } }')).toBeUndefined();
  });

  it('schedules, of which two hundred are kept', async () => {
    const set = (name: string) =>
      `setSchedule(input: { name: "${name}", cron: "0 3 * * *", series: { series: "run-1", dataset: "tiny" } }) { name }`;
    for (let n = 0; n < 200; n += 50) {
      const some = Array.from({ length: 50 }, (_, i) => `s${n + i}: ${set(`s${n + i}`)}`);
      expect(await asked(`mutation { ${some.join(' ')} }`)).toBeUndefined();
    }
    expect(await asked(`mutation { ${set('one-more')} }`)).toBe('CONFLICT');
    expect(await asked(`mutation { ${set('s7')} }`)).toBeUndefined();
  }, 60_000);

  it.each(['* * * *', '* * * * * *', '@daily', 'a b c d e', '* * * * \u0000', '99 * * * *', '0 0 0 0 0 0 0', 'x'.repeat(5000)])(
    'no schedule: %j',
    async (cron) => {
      const query =
        'mutation M($cron: String!) { setSchedule(input: { name: "s7", cron: $cron, series: { series: "run-1", dataset: "tiny" } }) { name } }';
      expect((await api.ask(query, { cron })).errors?.[0].extensions.code).toBe('BAD_INPUT');
    },
  );

  it('a picture of one pixel by fifty million', async () => {
    const { storeUpload } = await import('../../../store/uploads.ts');
    await expect(storeUpload(api.store, new Uint8Array(8), { name: 'line.png', height: 1, width: 49_999_999 })).rejects.toMatchObject({
      code: 'BAD_IMAGE',
    });
  });
});

describe('connections that only cost', () => {
  it('event streams are refused beyond two hundred, and are taken again when others have ended', async () => {
    const leave = new AbortController();
    const body = JSON.stringify({ query: 'subscription { dissectionFinished { id units(first: 100) { nodes { id } } } }' });
    const init = { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/event-stream' }, body };
    const streams = await Promise.all(
      Array.from({ length: 300 }, () => fetch(`${api.url}/graphql/stream`, { ...init, signal: leave.signal })),
    );
    const statuses = streams.map(({ status }) => status);
    expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length]).toEqual([200, 100]);
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    leave.abort();
    await expect
      .poll(async () => {
        const again = new AbortController();
        const { status } = await fetch(`${api.url}/graphql/stream`, { ...init, signal: again.signal });
        again.abort();
        return status;
      })
      .toBe(200);
  }, 30_000);

  it('bodies that drip and connections that say nothing keep nobody else from an answer', async () => {
    const port = Number(new URL(api.url).port);
    const sockets = Array.from({ length: 400 }, (_, i) => {
      const socket = net.connect(port, '127.0.0.1').on('error', () => {});
      if (i < 35)
        socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{');
      return socket;
    });
    const started = Date.now();
    expect((await fetch(`${api.url}/health`)).status).toBe(200);
    expect((await api.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect(Date.now() - started).toBeLessThan(5_000);
    for (const socket of sockets) socket.destroy();
  });
});

describe('requests that are no requests are answered, and none with 500', () => {
  /** What is answered to bytes as they are; null where the connection is just closed. */
  const answered = (bytes: string): Promise<number | null> =>
    new Promise((resolve) => {
      const socket = net.connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(bytes));
      socket.setTimeout(15_000, () => socket.destroy());
      socket.on('data', (data) => {
        resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1] ?? 0));
        socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(null));
    });
  const post = (headers: string, body: string, path = '/graphql') =>
    answered(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n\r\n${body}`);

  it.each([
    ['multipart without a boundary', () => post('Content-Type: multipart/form-data', 'x')],
    [
      'multipart without a boundary, with the preflight header',
      () => post('Content-Type: multipart/form-data\r\napollo-require-preflight: 1', 'x'),
    ],
    [
      'multipart that is none',
      () => post('Content-Type: multipart/form-data; boundary=b\r\napollo-require-preflight: 1', '--b\r\nnonsense'),
    ],
    [
      'multipart that breaks off',
      () =>
        post(
          'Content-Type: multipart/form-data; boundary=b\r\napollo-require-preflight: 1',
          '--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{',
        ),
    ],
    ['a path of two slashes', () => post('Content-Type: application/json', '{"query":"{__typename}"}', '//graphql')],
    [
      'an address of another server',
      () => post('Content-Type: application/json', '{"query":"{__typename}"}', 'http://evil.example/graphql'),
    ],
    ['JSON of another shape', () => post('Content-Type: application/json', '[[[]]]')],
    ['a number for a query', () => post('Content-Type: application/json', '{"query":1}')],
    ['variables that are a list', () => post('Content-Type: application/json', '{"query":"{__typename}","variables":[1]}')],
    ['nothing', () => post('Content-Type: application/json', '')],
    ['a method of its own', () => answered('FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ])('%s', async (_, ask) => {
    const status = await ask();
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
  });

  it('and goes on answering', async () => {
    expect((await api.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
