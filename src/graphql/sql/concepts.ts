import { sql } from 'kysely';
import { nameHas } from '../../../store/results/counted-concepts.ts';
import { anyOf, count, db, eachOf, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import { columnsOf } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { ConceptRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

export interface ConceptFilter {
  category?: string | null;
  /** Any part of the name, whatever its case. */
  search?: string | null;
}

type Given = readonly (keyof ConceptFilter)[];

export const conceptOrders: Orders<'INDEX_ASC', ConceptRow> = {
  INDEX_ASC: { direction: 'ASC', columns: [{ sql: sql.ref('c.index'), type: 'int4', of: (concept) => concept.index }] },
};

const condition = ({ category, search }: Placeholders<ConceptFilter>, given: Given) =>
  allOf<ConceptFilter>({ category: sql`c.category = ${category}`, search: nameHas(search) }, given);

/** The same page of each of many datasets' concepts. */
export const conceptsOfDatasets = prepared<{ ids: readonly number[]; most: number } & ConceptFilter & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<'INDEX_ASC'>; wanted: Wanted | undefined }) => {
    const order = conceptOrders[page.order];
    return db
      .selectFrom(eachOf(args.ids))
      .crossJoinLateral((eb) =>
        eb
          .selectFrom('concepts as c')
          .selectAll('c')
          .whereRef('c.dataset_id', '=', 'x.id')
          .where(condition(args, given))
          .where(beyond(order, page, args))
          .orderBy(orderBy(order, page))
          .limit(args.rows)
          .as('c'),
      )
      .select(columnsOf('Concept', wanted))
      .orderBy(orderBy(order, page))
      .limit(args.most);
  },
);

/** How many concepts of each dataset pass the filter; datasets without any are left out. */
export const conceptCountsOfDatasets = prepared<{ ids: readonly number[] } & ConceptFilter>()((args, given: Given) =>
  db
    .selectFrom('concepts as c')
    .select(['c.dataset_id as datasetId', count.as('count')])
    .where(condition(args, given))
    .where('c.dataset_id', '=', anyOf(args.ids, 'int4'))
    .groupBy('c.dataset_id'),
);
