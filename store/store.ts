import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { DissectoryError } from '../core/errors.ts';
import { PrismaClient } from '../prisma/generated/client.ts';
import { type Embedded, openEmbedded } from './embedded/open.ts';
import { dissectoryHome } from './home.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';
import { schemaState } from './schema-state.ts';
import { databaseUrl, describeUrl } from './url.ts';

/**
 * An open store. Both ways in share the pool's connections: `prisma` for queries, `pool` for COPY and transactions
 * around it.
 */
export interface Store {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** Holds the password: not for logs. */
  url: string;
  /** The server as people know it: the folder of the embedded one, or host, port and database. */
  cluster: string;
  /** What a person should know of how it was found; empty as a rule. */
  notes: readonly string[];
  close(): Promise<void>;
  /**
   * For a process that is about to end whatever is under way: stops the embedded server where nobody else has it open.
   */
  abandon(): Promise<void>;
}

export interface StoreOptions {
  /**
   * A server of the user's own. Default: DATABASE_URL; where that is empty or not set either, the embedded server of
   * `home`.
   */
  url?: string;
  /** Where the embedded server keeps its data. Default: DISSECTORY_HOME, see `dissectoryHome`. */
  home?: string;
  /**
   * `apply` brings an older database to this code's schema. `check` leaves it as it is: `schemaState(store.pool)` says
   * what is pending. Either refuses a database that is newer or somebody else's.
   */
  migrate: 'apply' | 'check';
  /** Told every SQL statement before it is sent, by whichever way in. */
  onQuery?: (sql: string) => void;
  /** How long a statement may take; absent: as long as it does. */
  statementMs?: number;
}

/** A server that is there, before anything is known of what it holds. */
export type Server = Pick<Store, 'url' | 'cluster' | 'notes'> & Pick<Embedded, 'close'>;

/** The server of a store. Throws what `openEmbedded` and `databaseUrl` throw. */
export async function openServer({ url, home }: Pick<StoreOptions, 'url' | 'home'>): Promise<Server> {
  const external = url ?? process.env.DATABASE_URL;
  if (external) {
    const read = databaseUrl(external);
    return { url: read, cluster: describeUrl(read), notes: [], close: async () => {} };
  }
  const { cluster, ...server } = await openEmbedded(home ?? dissectoryHome());
  return { ...server, cluster: cluster.folder };
}

/**
 * Opens the store and keeps it, the embedded server too, until it is closed.
 *
 * Throws STORE_UNAVAILABLE where the server cannot be reached or started, STORE_FULL where its disk is full,
 * SCHEMA_MISMATCH where the database is not one for this code.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const server = await openServer(options);
  const open: (() => Promise<unknown>)[] = [server.close];
  const close = async () => {
    while (open.length > 0) await open.pop()?.();
  };
  try {
    const pool = await openPool(server.url, options);
    open.push(() => pool.end());
    await requireUtf8(pool);
    if (options.migrate === 'apply') await migrate(server.url);
    const { refusal } = await schemaState(pool);
    if (refusal) throw refusal;
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    open.push(() => prisma.$disconnect());
    const { url, cluster, notes } = server;
    return { prisma, pool, url, cluster, notes, close, abandon: server.close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A database of another encoding takes names for years, and then refuses one. */
async function requireUtf8(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ server_encoding: string }>('SHOW server_encoding');
  if (rows[0].server_encoding === 'UTF8') return;
  throw new DissectoryError(
    'SCHEMA_MISMATCH',
    `The database has the encoding ${rows[0].server_encoding}, which cannot hold every name: make one by ` +
      "`CREATE DATABASE dissectory TEMPLATE template0 ENCODING 'UTF8'`, and set DATABASE_URL to that.",
  );
}
