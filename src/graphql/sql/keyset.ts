/** Keyset pagination: a page is what lies beyond a row's keys, so it stays put while other rows come and go. */
import { Prisma } from '../../../prisma/generated/client.ts';

export type Key = string | number;

/** One column of an order: its SQL, the type its keys have in SQL, and how a key is read from a row. */
export interface OrderColumn<Row> {
  sql: Prisma.Sql;
  type: KeyType;
  of(row: Row): Key;
}

/** An order in which no two rows are equal. All columns run in one direction, so that one row comparison and one index serve it. */
export interface Order<Row> {
  direction: 'ASC' | 'DESC';
  columns: readonly OrderColumn<Row>[];
}

const MAX_INT4 = 2 ** 31 - 1;

/** What a key of each SQL type may be: a forged cursor must not reach a cast that fails. */
const isKey = {
  int4: (key) => Number.isInteger(key) && Math.abs(key as number) <= MAX_INT4,
  float8: (key) => Number.isFinite(key),
  text: (key) => typeof key === 'string' && !key.includes('\0'),
  timestamptz: (key) =>
    typeof key === 'string' && /^\d{4}-/.test(key) && Number.isFinite(Date.parse(key)) && new Date(key).toISOString() === key,
} satisfies Record<string, (key: unknown) => boolean>;

export type KeyType = keyof typeof isKey;

/** Whether `keys` are one key of the right type for each column of the order. */
export const areKeysOf = <Row>(order: Order<Row>, keys: readonly unknown[]): keys is Key[] =>
  keys.length === order.columns.length && order.columns.every((column, i) => isKey[column.type](keys[i]));

/** A stretch of an ordered list: at most `limit` rows beyond `keys`, towards the end or, `backward`, towards the start. */
export interface Stretch {
  limit: number;
  keys: readonly Key[] | null;
  backward: boolean;
}

/** The condition that a row lies beyond the stretch's keys. */
export function beyond<Row>(order: Order<Row>, { keys, backward }: Stretch): Prisma.Sql {
  if (keys === null) return Prisma.sql`TRUE`;
  const columns = Prisma.join(order.columns.map((column) => column.sql));
  const values = Prisma.join(order.columns.map((column, i) => Prisma.sql`${keys[i]}::${Prisma.raw(column.type)}`));
  return Prisma.sql`(${columns}) ${Prisma.raw((order.direction === 'ASC') === backward ? '<' : '>')} (${values})`;
}

/** The columns for ORDER BY: the order's own, or turned round for a backward stretch. */
export function orderBy<Row>(order: Order<Row>, { backward }: Pick<Stretch, 'backward'>): Prisma.Sql {
  const direction = Prisma.raw((order.direction === 'ASC') === backward ? 'DESC' : 'ASC');
  return Prisma.join(order.columns.map((column) => Prisma.sql`${column.sql} ${direction}`));
}
