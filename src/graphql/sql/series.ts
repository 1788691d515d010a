import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { SeriesRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

export const seriesOrders: Orders<'SLUG_ASC', SeriesRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: Prisma.sql`r.slug`, type: 'text', of: (series) => series.slug }] },
};

/** A page of series, one row more than its limit where there is one; a condition for `selectRows`. */
export const seriesPage = (page: Page<'SLUG_ASC'>): Prisma.Sql => Prisma.sql`
  ${beyond(seriesOrders[page.order], page)}
  ORDER BY ${orderBy(seriesOrders[page.order], page)} LIMIT ${page.limit + 1}`;
