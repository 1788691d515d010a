import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { ExperimentFilter } from '../generated/resolvers.ts';
import type { ExperimentRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export const experimentOrders: Orders<'CREATED_DESC', ExperimentRow> = {
  CREATED_DESC: {
    direction: 'DESC',
    columns: [
      { sql: Prisma.sql`e.created_at`, type: 'timestamptz', of: (experiment) => experiment.createdAt.toISOString() },
      { sql: Prisma.sql`e.id`, type: 'int4', of: (experiment) => experiment.id },
    ],
  },
};

/** A page of experiments, one row more than its limit where there is one; a condition for `selectRows`. */
export const experimentPage = (filter: ExperimentFilter, page: Page<'CREATED_DESC'>): Prisma.Sql => Prisma.sql`
  ${condition(filter)} AND ${beyond(experimentOrders[page.order], page)}
  ORDER BY ${orderBy(experimentOrders[page.order], page)} LIMIT ${page.limit + 1}`;

/** How many experiments pass the filter. */
export const experimentCount = (filter: ExperimentFilter): Prisma.Sql =>
  Prisma.sql`SELECT count(*)::int AS count FROM experiments e WHERE ${condition(filter)}`;

function condition({ kind, model, dataset }: ExperimentFilter): Prisma.Sql {
  const conditions = [Prisma.sql`TRUE`];
  if (kind != null) conditions.push(Prisma.sql`e.kind = ${kind}::"ExperimentKind"`);
  if (dataset != null) conditions.push(Prisma.sql`e.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`);
  if (model != null) {
    conditions.push(Prisma.sql`e.layer_id IN (SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id WHERE m.slug = ${model})`);
  }
  return Prisma.join(conditions, ' AND ');
}
