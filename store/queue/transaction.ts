import type { PoolClient } from 'pg';
import type { Db } from 'pg-boss';

/** Lets pg-boss do what it is asked in the transaction of `client`. */
export const inTransactionOf = (client: PoolClient): { db: Db } => ({
  db: { executeSql: (text: string, values?: unknown[]) => client.query(text, values) },
});
