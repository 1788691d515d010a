import {
  type AliasedRawBuilder,
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import pg from 'pg';
import type { Tables } from '../../prisma/generated/tables.ts';

/** Writes statements over the store's tables; it sends none. */
export const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (one) => new PostgresIntrospector(one),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** What sends a statement: the pool, or a client within a transaction. */
export type Connection = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** Sends a statement; its rows as they were selected. */
export async function rowsOf<Row>(connection: Connection, query: Compilable<Row> | RawBuilder<Row>): Promise<Row[]> {
  const { sql: text, parameters } = query.compile(db);
  return send<Row>(connection, text, parameters);
}

/** A value, or what stands in its place while a statement is written. */
export type Valued<T> = T | RawBuilder<T | null>;

/** Of a statement's arguments, what stands in their place while it is written. */
export type Placeholders<Args> = { readonly [Name in keyof Args]-?: RawBuilder<Exclude<Args[Name], undefined>> };

/**
 * A statement that is written once and sent with ever other arguments: to write one takes as long as to send it.
 * `prepared<Args>()` takes how it is written, once for each shape: what of it changes but its arguments.
 */
export const prepared =
  <Args extends object>() =>
  <Row, Shape = undefined>(
    write: (args: Placeholders<Args>, shape: Shape) => Compilable<Row>,
  ): ((connection: Connection, args: Args, ...shape: undefined extends Shape ? [] : [shape: Shape]) => Promise<Row[]>) => {
    const written = new Map<string, { text: string; parameters: readonly unknown[] }>();
    return (connection, args, ...[shape]) => {
      const key = shape === undefined ? '' : JSON.stringify(shape);
      let statement = written.get(key);
      if (!statement) {
        const query = write(placeholders<Args>(), shape as Shape).compile();
        statement = { text: query.sql, parameters: query.parameters };
        if (written.size >= MAX_SHAPES) written.clear();
        written.set(key, statement);
      }
      const values = statement.parameters.map((one) => (one instanceof Placeholder ? args[one.name as keyof Args] : one));
      return send<Row>(connection, statement.text, values);
    };
  };

/** `= ANY` over an array argument: one parameter, and so one statement, for any number of values. */
export const anyOf = <T>(values: RawBuilder<readonly T[]> | readonly T[], type: 'int4' | 'text' | 'float8'): RawBuilder<T> =>
  sql<T>`ANY(${values}::${sql.raw(type)}[])`;

/** Numbers as rows `x(id)`, to join with what is wanted of each. */
export const eachOf = (ids: RawBuilder<readonly number[]> | readonly number[]): AliasedRawBuilder<{ id: number }, 'x'> =>
  sql<{ id: number }>`unnest(${ids}::int[])`.as<'x'>(sql`x(id)`);

/** Rows, as a number: count(*) itself is a bigint. */
export const count = sql<number>`count(*)::int`;

const MAX_SHAPES = 1000;

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function placeholders<Args>(): Placeholders<Args> {
  return new Proxy({} as Placeholders<Args>, { get: (_, name) => sql`${new Placeholder(String(name))}` });
}

const names = new Map<string, string>();
/**
 * PostgreSQL keeps the plan of every name on every connection. What is written anew for every use stays without one.
 */
const MAX_NAMES = 500;

async function send<Row>(connection: Connection, text: string, values: readonly unknown[]): Promise<Row[]> {
  let name = names.get(text);
  if (name === undefined && names.size < MAX_NAMES) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  const { rows } = await connection.query<Row & pg.QueryResultRow>({ name, text, values: [...values], types: { getTypeParser } });
  return rows;
}

/** As Prisma reads them: bigint exactly. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === pg.types.builtins.INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format as 'text');
}
