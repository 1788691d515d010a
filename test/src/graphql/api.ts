import { startServer } from '../../../src/http/server.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { createDatabase, type TestDatabase } from '../../database.ts';

export interface Answer<Data> {
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** A real server over a database of its own. */
export interface Api {
  url: string;
  store: Store;
  /** Every SQL statement since it was last emptied, whoever caused it. */
  statements: string[];
  /** Asks over HTTP, as any client does. */
  ask<Data = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  close(): Promise<void>;
}

/** Serves a fresh store that `fill` has filled; `database` defaults to a migrated one without rows. */
export async function serve(fill: (store: Store) => Promise<void> = async () => {}, database?: TestDatabase): Promise<Api> {
  const { url: databaseUrl, drop } = database ?? (await createDatabase());
  const statements: string[] = [];
  const store = await openStore({ url: databaseUrl, migrate: 'check', onQuery: (sql) => statements.push(sql) });
  await fill(store);
  const server = await startServer({ store, port: 0, host: '127.0.0.1' });
  statements.length = 0;
  return {
    url: server.url,
    store,
    statements,
    async ask<Data>(query: string, variables?: Record<string, unknown>) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer<Data>;
    },
    async close() {
      await server.close();
      await store.close();
      await drop();
    },
  };
}
