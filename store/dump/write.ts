import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { escapeIdentifier, type PoolClient } from 'pg';
import { to } from 'pg-copy-streams';
import { DissectoryError } from '../../core/errors.ts';
import { CODE_VERSION } from '../package.ts';
import { openQueue } from '../queue/open.ts';
import { listSchedules } from '../queue/schedule.ts';
import type { Store } from '../store.ts';
import { END_OF_ROWS, FORM, type Header, type Part } from './file.ts';
import { tablesOf } from './tables.ts';

/**
 * Writes all that a store holds into one new file, as of one moment, while others go on working. The file appears when
 * it is whole.
 *
 * @returns how many tables it has
 * @throws CONFLICT where the file exists; STORE_FULL, STORE_UNAVAILABLE
 */
export async function writeDump(store: Store, file: string, onTable: (name: string) => void = () => {}): Promise<number> {
  if (await stat(file).catch(() => null)) throw new DissectoryError('CONFLICT', `${file} exists: name another, or remove it first.`);
  const unfinished = `${file}.unfinished`;
  const sink = createWriteStream(unfinished, { flags: 'w', mode: 0o600 });
  const gzip = createGzip({ level: 4 });
  const written = finished(gzip.pipe(sink));
  written.catch(() => {}); // told below, where it is waited for
  const broken = new Promise<never>((_, reject) => sink.once('error', reject));
  broken.catch(() => {});
  const put = async (text: string | Buffer) => {
    if (!gzip.write(text)) await Promise.race([new Promise((resolve) => gzip.once('drain', resolve)), broken]);
  };
  const client = await store.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await put(`${JSON.stringify(await headerOf(client))}\n`);
    const tables = await tablesOf(client);
    for (const { name, columns } of tables) {
      onTable(name);
      await put(`${JSON.stringify({ table: name, columns } satisfies Part)}\n`);
      const rows = client.query(to(`COPY ${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')}) TO STDOUT`));
      for await (const part of rows) await put(part as Buffer);
      await put(END_OF_ROWS);
    }
    await put(`${JSON.stringify({ sequences: await sequencesOf(client) } satisfies Part)}\n`);
    await client.query('COMMIT');
    await put(`${JSON.stringify({ schedules: await schedulesOf(store) } satisfies Part)}\n`);
    await put(`${JSON.stringify({ end: true } satisfies Part)}\n`);
    gzip.end();
    await Promise.race([written, broken]);
    await rename(unfinished, file);
    client.release();
    return tables.length;
  } catch (error) {
    client.release(true);
    gzip.destroy();
    sink.destroy();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function headerOf(client: PoolClient): Promise<Header> {
  const migrations = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name',
  );
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return {
    form: FORM,
    dissectory: CODE_VERSION,
    postgres: rows[0].server_version,
    written: new Date().toISOString(),
    migrations: migrations.rows.map(({ name }) => name),
  };
}

/** Those that have given a number. */
async function sequencesOf(client: PoolClient): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; last: string }>(
    'SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL',
  );
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]));
}

async function schedulesOf(store: Store) {
  const queue = await openQueue(store, 'client');
  try {
    return await listSchedules(queue);
  } finally {
    await queue.close();
  }
}
