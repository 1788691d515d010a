import { sql } from 'kysely';
import { count, db, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import type { DissectionFilter } from '../generated/schema.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { DissectionRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

type Given = readonly (keyof DissectionFilter)[];

export const dissectionOrders: Orders<'CREATED_DESC', DissectionRow> = {
  CREATED_DESC: {
    direction: 'DESC',
    columns: [
      { sql: sql.ref('d.created_at'), type: 'timestamptz', of: (dissection) => dissection.createdAt.toISOString() },
      { sql: sql.ref('d.id'), type: 'int4', of: (dissection) => dissection.id },
    ],
  },
};

/** A page of current dissections in the units' own basis. */
export const dissectionPage = prepared<DissectionFilter & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<'CREATED_DESC'>; wanted: Wanted | undefined }) => {
    const order = dissectionOrders[page.order];
    return selectNode('Dissection', wanted)
      .where('d.current', '=', true)
      .where('d.basis', '=', 'IDENTITY')
      .where(condition(args, given))
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/** How many such dissections pass the filter. */
export const dissectionCount = prepared<DissectionFilter>()((args, given: Given) =>
  db
    .selectFrom('dissections as d')
    .select(count.as('count'))
    .where('d.current', '=', true)
    .where('d.basis', '=', 'IDENTITY')
    .where(condition(args, given)),
);

const condition = ({ dataset, model, series }: Placeholders<DissectionFilter>, given: Given) => {
  const models = sql`SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id`;
  return allOf<DissectionFilter>(
    {
      dataset: sql`d.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`,
      model: sql`d.layer_id IN (${models} WHERE m.slug = ${model})`,
      series: sql`d.layer_id IN (${models} WHERE m.series_id = (SELECT r.id FROM series r WHERE r.slug = ${series}))`,
    },
    given,
  );
};
