import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { ModelFilter, ModelOrder } from '../generated/resolvers.ts';
import type { ModelRow } from '../rows.ts';
import { beyond, type OrderColumn, orderBy } from './keyset.ts';

/** Sorts models without an accuracy below all others. */
const UNKNOWN_ACCURACY = -1;

const id: OrderColumn<ModelRow> = { sql: Prisma.sql`m.id`, type: 'int4', of: (model) => model.id };

export const modelOrders: Orders<ModelOrder, ModelRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: Prisma.sql`m.slug`, type: 'text', of: (model) => model.slug }] },
  CREATED_DESC: {
    direction: 'DESC',
    columns: [{ sql: Prisma.sql`m.created_at`, type: 'timestamptz', of: (model) => model.createdAt.toISOString() }, id],
  },
  ACCURACY_DESC: {
    direction: 'DESC',
    columns: [
      {
        sql: Prisma.sql`coalesce(m.accuracy, ${UNKNOWN_ACCURACY}::float8)`,
        type: 'float8',
        of: (model) => model.accuracy ?? UNKNOWN_ACCURACY,
      },
      id,
    ],
  },
};

/** A page of models, one row more than its limit where there is one; a condition for `selectRows`. */
export const modelPage = (filter: ModelFilter, page: Page<ModelOrder>): Prisma.Sql => Prisma.sql`
  ${condition(filter)} AND ${beyond(modelOrders[page.order], page)}
  ORDER BY ${orderBy(modelOrders[page.order], page)} LIMIT ${page.limit + 1}`;

/** How many models pass the filter. */
export const modelCount = (filter: ModelFilter): Prisma.Sql =>
  Prisma.sql`SELECT count(*)::int AS count FROM models m WHERE ${condition(filter)}`;

function condition({ search, architecture, trainingData, supervision, task, series }: ModelFilter): Prisma.Sql {
  const conditions = [Prisma.sql`TRUE`];
  if (search != null) {
    conditions.push(Prisma.sql`(strpos(lower(m.slug), lower(${search})) > 0 OR strpos(lower(m.name), lower(${search})) > 0)`);
  }
  if (architecture != null) conditions.push(Prisma.sql`m.architecture = ${architecture}`);
  if (trainingData != null) conditions.push(Prisma.sql`m.training_data = ${trainingData}`);
  if (supervision != null) conditions.push(Prisma.sql`m.supervision = ${supervision}::"Supervision"`);
  if (task != null) conditions.push(Prisma.sql`m.task = ${task}`);
  if (series != null) conditions.push(Prisma.sql`m.series_id = (SELECT r.id FROM series r WHERE r.slug = ${series})`);
  return Prisma.join(conditions, ' AND ');
}
