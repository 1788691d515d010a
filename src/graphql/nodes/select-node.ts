import { type AliasedRawBuilder, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { MODELS, type Tables } from '../../../prisma/generated/tables.ts';
import { db } from '../../../store/sql/statement.ts';
import { NODE_TYPES, type NodeRows, type RowType } from './node-types.ts';
import type { Wanted } from './wanted.ts';

type Aliases = { [Type in RowType]: (typeof NODE_TYPES)[Type]['alias'] };
type TableOf<Type extends RowType> = Tables[(typeof MODELS)[Type]['table']];

/** The store's tables, and beside them one under the alias of a type. */
export type WithAlias<Type extends RowType> = Tables & Record<Aliases[Type], TableOf<Type>>;

/** `SELECT columns FROM table alias`: rows of a type, with the nodes they point to as far as they are `wanted`. */
export function selectNode<Type extends RowType>(
  type: Type,
  wanted?: Wanted,
): SelectQueryBuilder<WithAlias<Type>, Aliases[Type], NodeRows[Type]> {
  const { alias } = NODE_TYPES[type];
  const from = sql`${sql.table(MODELS[type].table)}`.as(alias);
  return db.selectFrom(from).select(columnsOf(type, wanted)) as never;
}

/**
 * The columns of a type's row in a table that goes by the type's alias. A list that is NULL is an empty one, as for
 * Prisma.
 */
export function columnsOf<Type extends RowType>(
  type: Type,
  wanted?: Wanted,
): { [Field in keyof NodeRows[Type] & string]: AliasedRawBuilder<NodeRows[Type][Field], Field> }[keyof NodeRows[Type] & string][] {
  const { alias, columns } = NODE_TYPES[type];
  return [...columns.map((field) => column(type, alias, field).as(field)), ...aheadOf(type, alias, wanted)] as never;
}

/**
 * A node as JSON, found by a look into its primary key: no join whose order would have to be planned.
 * @param key of its row
 */
export function nodeAhead({ type, fields, one }: Wanted, key: RawBuilder<unknown>, depth = 0): RawBuilder<unknown> {
  const alias = `n${depth}`;
  const parts = fields.map((field) => sql`${sql.lit(field)}, ${column(type, alias, field)}`);
  const nested = Object.entries(one).map(
    ([name, wanted]) => sql`${sql.lit(name)}, ${nodeAhead(wanted, keyOf(type, alias, name), depth + 1)}`,
  );
  return sql`(SELECT json_build_object(${sql.join([...parts, ...nested])}) FROM ${sql.table(MODELS[type].table)} AS ${sql.ref(alias)} WHERE ${sql.ref(`${alias}.id`)} = ${key})`;
}

const aheadOf = (type: RowType, alias: string, wanted: Wanted | undefined) =>
  Object.entries(wanted?.one ?? {}).map(([name, below]) => nodeAhead(below, keyOf(type, alias, name)).as(name));

const keyOf = (type: RowType, alias: string, relation: string): RawBuilder<unknown> =>
  column(type, alias, (NODE_TYPES[type].one as Readonly<Record<string, readonly [RowType, string]>>)[relation][1]);

function column(type: RowType, alias: string, field: string): RawBuilder<unknown> {
  const fields: Readonly<Record<string, { column: string; type: string }>> = MODELS[type].fields;
  const reference = sql.ref(`${alias}.${fields[field].column}`);
  return fields[field].type === 'list' ? sql`coalesce(${reference}, '{}')` : reference;
}
