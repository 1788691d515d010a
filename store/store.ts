import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../prisma/generated/client.ts';
import { openEmbedded } from './embedded/open.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';
import { schemaState } from './schema-state.ts';

/** An open store. Both ways in share the pool's connections: `prisma` for queries, `pool` for COPY and transactions around it. */
export interface Store {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** Holds the password: not for logs. */
  url: string;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A server of the user's own. Default: DATABASE_URL; where that is not set either, the embedded server of `home`. */
  url?: string;
  /** Where the embedded server keeps its data. Default: DISSECTORY_HOME, else `.dissectory` in the working directory. */
  home?: string;
  /**
   * `apply` brings an older database to this code's schema. `check` leaves it as it is: `schemaState(store.pool)` says what is pending.
   * Either refuses a database that is newer or somebody else's.
   */
  migrate: 'apply' | 'check';
  /** Told every SQL statement before it is sent, by whichever way in. */
  onQuery?: (sql: string) => void;
}

/**
 * Opens the store and keeps it, the embedded server too, until it is closed.
 *
 * Throws STORE_UNAVAILABLE where the server cannot be reached or started, STORE_FULL where its disk is full, SCHEMA_MISMATCH where
 * the database is not one for this code.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const external = options.url ?? process.env.DATABASE_URL;
  const home = options.home ?? process.env.DISSECTORY_HOME ?? '.dissectory';
  const server = external ? { url: external, close: async () => {} } : await openEmbedded(path.resolve(home));
  const open: (() => Promise<unknown>)[] = [server.close];
  const close = async () => {
    while (open.length > 0) await open.pop()?.();
  };
  try {
    const pool = await openPool(server.url, options.onQuery);
    open.push(() => pool.end());
    if (options.migrate === 'apply') await migrate(server.url);
    const { refusal } = await schemaState(pool);
    if (refusal) throw refusal;
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    open.push(() => prisma.$disconnect());
    return { prisma, pool, url: server.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
