import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Cluster } from './cluster.ts';
import { USER } from './create.ts';
import { stopServer } from './postgres.ts';

/** Advisory lock of the cluster's own database: whoever has the cluster open holds it shared. */
export const LEASE = '4815162342';

/** A session that keeps the server up for as long as it lasts: it ends with its process, however that ends. */
export type Lease = pg.Client;

/** The server on this port is that of another folder: this one is a copy, or another program has the port by now. */
export class OtherServer extends Error {}

/** Where the server of the folder is. The parameters keep the environment's (PGOPTIONS, PGSSLMODE) from it. */
export function clusterUrl(folder: string, port: number): string {
  const password = fs.readFileSync(path.join(folder, 'password'), 'utf8');
  const own = new URLSearchParams({ sslmode: 'disable', options: '-c statement_timeout=0', client_encoding: 'UTF8' });
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres?${own.toString().replaceAll('+', '%20')}`;
}

/** Takes a lease of the running server; gives the error instead where there is none to be had. */
export async function tryLease(folder: string, port: number): Promise<Lease | NodeJS.ErrnoException> {
  const client = new pg.Client({
    connectionString: clusterUrl(folder, port),
    application_name: 'dissectory lease',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {}); // 'end' follows
  try {
    await client.connect();
    await requireSameFolder(client, folder);
    await client.query('SELECT pg_advisory_lock_shared($1)', [LEASE]); // waits while the last one out is stopping the server
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    return error as NodeJS.ErrnoException;
  }
}

/**
 * Paths do not tell: a copy's trace names the original, and a folder may be mounted in two places. The server is asked
 * to read a new file.
 */
async function requireSameFolder(client: pg.Client, folder: string): Promise<void> {
  const name = `sign-${randomBytes(12).toString('hex')}`;
  const file = path.join(folder, name);
  fs.writeFileSync(file, name);
  fs.chmodSync(file, 0o644); // whatever our umask: the server may run as another account
  try {
    const { rows } = await client.query<{ read: string | null }>('SELECT pg_read_file($1, true) AS read', [`../${name}`]);
    if (rows[0].read !== name) throw new OtherServer('It serves another folder.');
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Gives the lease back and stops the server if it was the last; nothing to do where the server is gone already. */
export async function giveBack(lease: Lease, cluster: Cluster): Promise<void> {
  const last = await isLast(lease).catch(() => false);
  // Held alone, the lock keeps newcomers waiting; once the server is gone they start it again
  if (last) await stopServer(cluster);
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
