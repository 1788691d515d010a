import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test's own. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Creates a migrated database without rows in the test run's server. */
export const createDatabase = (): Promise<TestDatabase> => create(inject('templateDatabase'));

/** Creates a database without any table in the test run's server. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create('template0');

async function create(template: string): Promise<TestDatabase> {
  const name = `dissectory_test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('serverUrl'));
  await execute(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  url.pathname = name;
  return { url: url.href, drop: () => execute(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

async function execute(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('serverUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
