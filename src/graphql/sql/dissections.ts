import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { DissectionFilter } from '../generated/resolvers.ts';
import type { DissectionRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export const dissectionOrders: Orders<'CREATED_DESC', DissectionRow> = {
  CREATED_DESC: {
    direction: 'DESC',
    columns: [
      { sql: Prisma.sql`d.created_at`, type: 'timestamptz', of: (dissection) => dissection.createdAt.toISOString() },
      { sql: Prisma.sql`d.id`, type: 'int4', of: (dissection) => dissection.id },
    ],
  },
};

/** A page of current dissections in the units' own basis, one row more than its limit where there is one; a condition for `selectRows`. */
export const dissectionPage = (filter: DissectionFilter, page: Page<'CREATED_DESC'>): Prisma.Sql => Prisma.sql`
  ${condition(filter)} AND ${beyond(dissectionOrders[page.order], page)}
  ORDER BY ${orderBy(dissectionOrders[page.order], page)} LIMIT ${page.limit + 1}`;

/** How many such dissections pass the filter. */
export const dissectionCount = (filter: DissectionFilter): Prisma.Sql =>
  Prisma.sql`SELECT count(*)::int AS count FROM dissections d WHERE ${condition(filter)}`;

function condition({ dataset, model, series }: DissectionFilter): Prisma.Sql {
  const conditions = [Prisma.sql`d.current AND d.basis = 'IDENTITY'`];
  if (dataset != null) conditions.push(Prisma.sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`);
  const ofModels = [];
  if (model != null) ofModels.push(Prisma.sql`m.slug = ${model}`);
  if (series != null) ofModels.push(Prisma.sql`m.series_id = (SELECT r.id FROM series r WHERE r.slug = ${series})`);
  if (ofModels.length > 0) {
    const layers = Prisma.sql`SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id WHERE ${Prisma.join(ofModels, ' AND ')}`;
    conditions.push(Prisma.sql`d.layer_id IN (${layers})`);
  }
  return Prisma.join(conditions, ' AND ');
}
