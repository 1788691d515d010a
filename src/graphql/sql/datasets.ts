import { sql } from 'kysely';
import { prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { DatasetRow } from '../rows.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

export const datasetOrders: Orders<'SLUG_ASC', DatasetRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: sql.ref('s.slug'), type: 'text', of: (dataset) => dataset.slug }] },
};

/** A page of datasets. */
export const datasetPage = prepared<PageValues>()((args, page: PageShape<'SLUG_ASC'>) => {
  const order = datasetOrders[page.order];
  return selectNode('Dataset')
    .where(beyond(order, page, args))
    .orderBy(orderBy(order, page))
    .limit(args.rows);
});
