/** One PostgreSQL for the whole test run: embedded in a temporary folder, or the server of TEST_DATABASE_URL. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../store/embedded/open.ts';
import { migrate } from '../store/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that test databases are created in. */
    serverUrl: string;
    /** A migrated database without rows, to be copied. */
    templateDatabase: string;
  }
}

export default async function startPostgres(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL ? { url: process.env.TEST_DATABASE_URL, close: async () => {} } : await embedded();
  const template = `dissectory_template_${randomUUID().slice(0, 8)}`;
  const url = new URL(server.url);
  url.pathname = template;
  await execute(server.url, `CREATE DATABASE "${template}"`);
  await migrate(url.href);
  project.provide('serverUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await execute(server.url, `DROP DATABASE "${template}" WITH (FORCE)`);
    await server.close();
  };
}

async function embedded() {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), 'dissectory-test-'));
  await fs.chmod(home, 0o755); // run by root, PostgreSQL has an account of its own
  const { url, close } = await openEmbedded(home);
  await execute(url, 'ALTER SYSTEM SET fsync = off');
  await execute(url, 'SELECT pg_reload_conf()');
  return {
    url,
    close: async () => {
      await close();
      await fs.rm(home, { recursive: true, force: true });
    },
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
