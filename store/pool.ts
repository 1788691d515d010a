import pg from 'pg';
import { DissectoryError } from '../core/errors.ts';
import { describeUrl } from './url.ts';

export interface PoolOptions {
  /** Told every SQL statement before it is sent. */
  onQuery?: (sql: string) => void;
  /** How long a statement may take; absent: as long as it does. */
  statementMs?: number;
}

/**
 * Opens a pool of connections and makes sure that the server answers.
 *
 * Throws STORE_UNAVAILABLE saying why it does not; the password never stands in the message.
 */
export async function openPool(url: string, { onQuery, statementMs }: PoolOptions = {}): Promise<pg.Pool> {
  const server = describeUrl(url);
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 10_000, statement_timeout: statementMs ?? false });
  pool.on('error', () => {}); // an idle connection broke: the pool opens another
  pool.on('connect', (client) => {
    client.on('error', () => {}); // one in use broke: its query fails, the process need not end
    if (onQuery) record(client, onQuery);
  });
  try {
    await pool.query('SELECT 1');
    return pool;
  } catch (error) {
    await pool.end();
    throw new DissectoryError(
      'STORE_UNAVAILABLE',
      `The database server ${server} cannot be used (${reason(error)}): see that it runs, and that DATABASE_URL is right.`,
    );
  }
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}

/** A proxy, as `query` has a signature for every kind of query. */
function record(client: pg.PoolClient, onQuery: (sql: string) => void): void {
  client.query = new Proxy(client.query, {
    apply(query, self, args: unknown[]) {
      onQuery(sqlOf(args[0]));
      return Reflect.apply(query, self, args);
    },
  });
}

function sqlOf(query: unknown): string {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : '';
}
