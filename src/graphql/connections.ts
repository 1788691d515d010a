/** Relay connections over keyset pages. */
import { DissectoryError } from '../../core/errors.ts';
import { areKeysOf, type Key, type Order, type Page } from './sql/keyset.ts';

const DEFAULT_FIRST = 20;
const MAX_FIRST = 500;

export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface Connection<Row> {
  edges: { node: Row; cursor: string }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  /** Counted only when it is asked for. */
  totalCount: () => Promise<number>;
}

/** Orders by name, as the schema's enum lists them. */
export type Orders<Name extends string, Row> = Readonly<Record<Name, Order<Row>>>;

/**
 * Reads the page that a client asks for: `first` after `after`, or `last` before `before`; 20 rows where neither says
 * how many. Throws BAD_INPUT when the counts are not 0..500, directions are mixed, or a cursor is not one of this
 * order.
 */
export function pageOf<Name extends string, Row>(orders: Orders<Name, Row>, order: Name, args: PageArgs): Page<Name> {
  const { first, after, last, before } = args;
  const backward = last != null || before != null;
  if (backward && (first != null || after != null)) {
    throw new DissectoryError('BAD_INPUT', 'Ask for first and after, or for last and before, not for both at once.');
  }
  const cursor = backward ? before : after;
  return {
    order,
    backward,
    limit: backward ? countOf('last', last ?? DEFAULT_FIRST) : countOf('first', first ?? DEFAULT_FIRST),
    keys: cursor == null ? null : keysOf(orders[order], order, cursor),
  };
}

/** Checks how many rows a list may be asked for. Throws BAD_INPUT outside 0..500. */
export function countOf(argument: string, count: number): number {
  if (count >= 0 && count <= MAX_FIRST) return count;
  throw new DissectoryError('BAD_INPUT', `${argument} must be from 0 to ${MAX_FIRST}, not ${count}. Page through longer lists by cursor.`);
}

/** Makes a connection of `rows`: what the page's stretch gave when asked for one row more than its limit. */
export function connectionOf<Name extends string, Row>(
  orders: Orders<Name, Row>,
  page: Page<Name>,
  rows: readonly Row[],
  totalCount: () => Promise<number>,
): Connection<Row> {
  const nodes = rows.slice(0, page.limit);
  if (page.backward) nodes.reverse();
  const edges = nodes.map((node) => ({ node, cursor: cursorOf(orders[page.order], page.order, node) }));
  const more = rows.length > page.limit;
  return {
    edges,
    nodes,
    pageInfo: {
      // A cursor stands for a row on its own side of the page, so there is something back there.
      hasNextPage: page.backward ? page.keys !== null : more,
      hasPreviousPage: page.backward ? more : page.keys !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

/** What a statement that counts gave. */
export const countIn = ([row]: readonly { count: number }[]): number => row.count;

/** An opaque cursor: base64url of the order's name and the row's keys in it. */
const cursorOf = <Row>(order: Order<Row>, name: string, row: Row): string =>
  Buffer.from(JSON.stringify([name, ...order.columns.map((column) => column.of(row))])).toString('base64url');

function keysOf<Row>(order: Order<Row>, name: string, cursor: string): Key[] {
  const [cursorName, ...keys] = parseArray(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (cursorName === name && areKeysOf(order, keys)) return keys;
  throw new DissectoryError(
    'BAD_INPUT',
    `"${cursor.slice(0, 100)}" is not a cursor of this list in this order. Take cursors from its own edges or pageInfo.`,
  );
}

function parseArray(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
