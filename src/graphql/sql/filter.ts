import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** Of each field of a filter, what must hold where it is set. */
export type Conditions<Filter> = { readonly [Name in keyof Filter]-?: RawBuilder<SqlBool> };

/** The fields of a filter that are set: its statement is written for each such set. */
export const given = <Filter extends object>(filter: Filter): readonly (keyof Filter & string)[] =>
  (Object.keys(filter) as (keyof Filter & string)[]).filter((name) => filter[name] != null).sort();

/** Of a filter, or what stands in its place, the fields that are set. */
export const only = <Filter extends object, Name extends keyof Filter>(
  filter: Filter,
  names: readonly Name[],
): Partial<Pick<Filter, Name>> => Object.fromEntries(names.map((name) => [name, filter[name]])) as Partial<Pick<Filter, Name>>;

/** That every condition holds whose field is set. */
export const allOf = <Filter>(conditions: Conditions<Filter>, set: readonly (keyof Filter)[]): RawBuilder<SqlBool> =>
  and(set.map((name) => conditions[name]));

export const and = (conditions: readonly RawBuilder<SqlBool>[]): RawBuilder<SqlBool> =>
  conditions.length === 0 ? sql`TRUE` : sql`${sql.join(conditions, sql` AND `)}`;
