import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { DatasetRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export const datasetOrders: Orders<'SLUG_ASC', DatasetRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: Prisma.sql`s.slug`, type: 'text', of: (dataset) => dataset.slug }] },
};

/** A page of datasets, one row more than its limit where there is one; a condition for `selectRows`. */
export const datasetPage = (page: Page<'SLUG_ASC'>): Prisma.Sql => Prisma.sql`
  ${beyond(datasetOrders[page.order], page)}
  ORDER BY ${orderBy(datasetOrders[page.order], page)} LIMIT ${page.limit + 1}`;
