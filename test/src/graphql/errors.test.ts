import net from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { globalId } from '../../../src/graphql/ids.ts';
import { log } from '../../../src/http/log.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';
import { serve } from './api.ts';
import { seed } from './seed.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('errors', () => {
  it('of the machine are masked: an id, and the rest in the log under that id', async () => {
    const logged = vi.spyOn(log, 'error').mockImplementation(() => {});
    const api = await serve(async ({ prisma, pool }) => {
      await seed(prisma, 1);
      await pool.query('DROP TABLE top_images');
    });
    try {
      const answer = await api.ask(
        '{ model(slug: "run-1") { slug layers { dissection(dataset: "tiny") { unit(index: 0) { topImages { rank } } } } } }',
      );
      const [error] = answer.errors ?? [];
      expect(error).toEqual({
        message: expect.stringMatching(
          /^Something went wrong here, not in your request\. The server's log says more under [0-9a-f-]{36}\.$/,
        ),
        locations: expect.any(Array),
        path: ['model', 'layers', 0, 'dissection', 'unit', 'topImages'],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
      expect(JSON.stringify(answer)).not.toMatch(/prisma|relation|top_images|node_modules|P20\d\d/i);

      const records = logged.mock.calls.map(([record]) => record as unknown as { id: string; err: Error });
      const record = records.find(({ id }) => error.message.includes(id));
      expect(record?.err.message).toContain('top_images');

      const overlay = await fetch(`${api.url}/overlays/${globalId('Unit', 1)}/1.png`);
      expect(overlay.status).toBe(500);
      expect(await overlay.text()).not.toMatch(/prisma|relation|top_images|node_modules/i);
    } finally {
      await api.close();
    }
  });

  it('of the user carry a code and one clear sentence', async () => {
    const api = await serve(({ prisma }) => seed(prisma, 1));
    const errorOf = async (query: string, variables?: Record<string, unknown>) => {
      const { errors } = await api.ask(query, variables);
      expect(errors).toHaveLength(1);
      return errors?.[0];
    };
    try {
      expect(await errorOf('{ node(id: "nonsense") { id } }')).toMatchObject({
        message: expect.stringContaining('"nonsense"'),
        extensions: { code: 'BAD_ID' },
      });
      expect(await errorOf('{ concepts(dataset: "nope") { totalCount } }')).toMatchObject({
        message: 'There is no dataset "nope". The query { datasets { nodes { slug } } } lists those that exist.',
        extensions: { code: 'NOT_FOUND' },
      });
      expect(await errorOf('query Q($s: String!) { model(slug: $s) { slug } }', { s: 'a\0b' })).toMatchObject({
        message: expect.stringContaining('NUL'),
        extensions: { code: 'BAD_INPUT' },
      });
      expect(await errorOf('{ models(filter: { search: "\\u0000" }) { totalCount } }')).toMatchObject({
        extensions: { code: 'BAD_INPUT' },
      });
      expect(await errorOf('{ nonsense }')).toMatchObject({
        message: expect.stringContaining('nonsense'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      });
      expect(await errorOf('{')).toMatchObject({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
    } finally {
      await api.close();
    }
  });

  it('of a database that is gone say so, in answers and in /ready, until it is back', async () => {
    const { database, cut, mend } = await throughProxy();
    const api = await serve(undefined, database);
    try {
      const query = '{ models { totalCount } model(slug: "x") { slug } }';
      expect((await api.ask(query)).errors).toBeUndefined();
      await cut();
      for (const error of (await api.ask(query)).errors ?? []) expect(error.extensions.code).toBe('STORE_UNAVAILABLE');
      const answer = await api.ask(query);
      expect(answer.errors).toMatchObject([{ extensions: { code: 'STORE_UNAVAILABLE' } }]);
      expect((await fetch(`${api.url}/ready`)).status).toBe(503);
      expect((await fetch(`${api.url}/health`)).status).toBe(200);
      await mend();
      expect((await api.ask(query)).errors).toBeUndefined();
      expect((await fetch(`${api.url}/ready`)).status).toBe(200);
    } finally {
      await api.close();
    }
  });
});

/** A database behind a connection that can be cut and mended. */
async function throughProxy(): Promise<{ database: TestDatabase; cut(): Promise<void>; mend(): Promise<void> }> {
  const real = await createDatabase();
  const target = new URL(real.url);
  const sockets = new Set<net.Socket>();
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(target.port), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.pipe(server).pipe(client);
  });
  const listen = (port: number) => new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  const cut = () =>
    new Promise<void>((resolve) => {
      proxy.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const url = new URL(real.url);
  url.host = `127.0.0.1:${(proxy.address() as net.AddressInfo).port}`;
  return {
    database: { url: url.href, drop: async () => Promise.all([real.drop(), cut()]).then(() => {}) },
    cut,
    mend: () => listen(Number(url.port)),
  };
}
