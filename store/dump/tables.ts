import type { ClientBase } from 'pg';

export interface Table {
  name: string;
  /** Without those that PostgreSQL computes. */
  columns: string[];
}

/**
 * What is not dumped: the history goes into the header, and what steps of divided work leave for each other is computed
 * again.
 */
const LEFT_OUT = ['_prisma_migrations', 'job_blobs'];

/** The tables of the database, each after those that its rows refer to. */
export async function tablesOf(client: ClientBase): Promise<Table[]> {
  const { rows: tables } = await client.query<{ name: string; columns: string[]; refers: string[] }>(
    `SELECT c.relname AS name,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
       ARRAY(SELECT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
             WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS refers
     FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> ALL($1)
     ORDER BY c.relname`,
    [LEFT_OUT],
  );
  const names = new Set(tables.map(({ name }) => name));
  const ordered: Table[] = [];
  const placed = new Set<string>();
  while (ordered.length < tables.length) {
    const next = tables.filter(({ name, refers }) => !placed.has(name) && refers.every((one) => placed.has(one) || !names.has(one)));
    if (next.length === 0) throw new Error('the tables refer to each other in a circle');
    for (const { name, columns } of next) {
      placed.add(name);
      ordered.push({ name, columns });
    }
  }
  return ordered;
}
