import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { clusterUrl, stopCluster } from './cluster.ts';
import type { Place } from './place.ts';

/** Advisory lock of the cluster's own database: whoever has the cluster open holds it shared. */
const LEASE = '4815162342';

/** A session that keeps the server up for as long as it lasts: it ends with its process, however that ends. */
export type Lease = pg.Client;

/** Takes a lease of the running server; gives the error instead where there is none to be had. */
export async function tryLease(folder: string): Promise<Lease | NodeJS.ErrnoException> {
  const url = clusterUrl(folder);
  if (url === null) return new Error('The server was stopped.');
  const client = new pg.Client({ connectionString: url, application_name: 'dissectory lease', connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // 'end' follows
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [LEASE]); // waits while the last one out is stopping the server
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    return error as NodeJS.ErrnoException;
  }
}

/** Gives the lease back and stops the server if it was the last; nothing to do where the server is gone already. */
export async function giveBack(lease: Lease, place: Place): Promise<void> {
  const last = await isLast(lease).catch(() => false);
  // Held alone, the lock keeps newcomers waiting; once the server is gone they start it again
  if (last) await stopCluster(place);
  await lease.end();
}

/** The server may take a moment to notice that a process was killed: until then its lease still stands. */
const LOOKS = 4;
const BETWEEN_LOOKS_MS = 50;

async function isLast(lease: Lease): Promise<boolean> {
  await lease.query('SELECT pg_advisory_unlock_shared($1)', [LEASE]);
  for (let look = 1; ; look++) {
    const { rows } = await lease.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [LEASE]);
    if (rows[0].last || look === LOOKS) return rows[0].last;
    await sleep(BETWEEN_LOOKS_MS);
  }
}
