import { sql } from 'kysely';
import { count, db, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { SeriesRow } from '../rows.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

export const seriesOrders: Orders<'SLUG_ASC', SeriesRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: sql.ref('r.slug'), type: 'text', of: (series) => series.slug }] },
};

/** A page of series. */
export const seriesPage = prepared<PageValues>()((args, page: PageShape<'SLUG_ASC'>) => {
  const order = seriesOrders[page.order];
  return selectNode('Series')
    .where(beyond(order, page, args))
    .orderBy(orderBy(order, page))
    .limit(args.rows);
});

export const seriesCount = prepared<Record<string, never>>()(() => db.selectFrom('series').select(count.as('count')));
