/** Keyset pagination: a page is what lies beyond a row's keys, so it stays put while other rows come and go. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Placeholders } from '../../../store/sql/statement.ts';

export type Key = string | number;

/** One column of an order: its SQL, the type its keys have in SQL, and how a key is read from a row. */
export interface OrderColumn<Row> {
  sql: RawBuilder<unknown>;
  type: KeyType;
  of(row: Row): Key;
}

/**
 * An order in which no two rows are equal. All columns run in one direction, so that one row comparison and one index
 * serve it.
 */
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

/**
 * A stretch of a list in a named order: at most `limit` rows beyond `keys`, towards the end or, `backward`, towards the
 * start.
 */
export interface Page<Name extends string = string> {
  order: Name;
  limit: number;
  keys: readonly Key[] | null;
  backward: boolean;
}

/** Of a page, what its statement is written for. */
export interface PageShape<Name extends string = string> {
  order: Name;
  backward: boolean;
  /** Whether it begins at a cursor. */
  from: boolean;
}

export const shapeOf = <Name extends string>({ order, backward, keys }: Page<Name>): PageShape<Name> => ({
  order,
  backward,
  from: keys !== null,
});

/** Of a page, what its statement is sent with: one row more than its limit, which tells whether there are more. */
export interface PageValues {
  rows: number;
  key0: Key | null;
  key1: Key | null;
}

export const valuesOf = ({ limit, keys }: Page): PageValues => ({ rows: limit + 1, key0: keys?.[0] ?? null, key1: keys?.[1] ?? null });

/** The condition that a row lies beyond the page's keys. */
export function beyond<Row>(order: Order<Row>, { from, backward }: PageShape, values: Placeholders<PageValues>): RawBuilder<SqlBool> {
  if (!from) return sql`TRUE`;
  const columns = sql.join(order.columns.map((column) => column.sql));
  const keys = [values.key0, values.key1].slice(0, order.columns.length).map((key, i) => sql`${key}::${sql.raw(order.columns[i].type)}`);
  return sql`(${columns}) ${sql.raw((order.direction === 'ASC') === backward ? '<' : '>')} (${sql.join(keys)})`;
}

/** The columns for ORDER BY: the order's own, or turned round for a backward page. */
export function orderBy<Row>(order: Order<Row>, { backward }: Pick<PageShape, 'backward'>): RawBuilder<unknown> {
  const direction = sql.raw((order.direction === 'ASC') === backward ? 'DESC' : 'ASC');
  return sql.join(order.columns.map((column) => sql`${column.sql} ${direction}`));
}
