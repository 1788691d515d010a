import { sql } from 'kysely';
import { count, db, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import type { ModelFilter, ModelOrder } from '../generated/schema.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { ModelRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, type OrderColumn, orderBy, type PageShape, type PageValues } from './keyset.ts';

type Given = readonly (keyof ModelFilter)[];

/** Sorts models without an accuracy below all others. */
const UNKNOWN_ACCURACY = -1;

const id: OrderColumn<ModelRow> = { sql: sql.ref('m.id'), type: 'int4', of: (model) => model.id };

export const modelOrders: Orders<ModelOrder, ModelRow> = {
  SLUG_ASC: { direction: 'ASC', columns: [{ sql: sql.ref('m.slug'), type: 'text', of: (model) => model.slug }] },
  CREATED_DESC: {
    direction: 'DESC',
    columns: [{ sql: sql.ref('m.created_at'), type: 'timestamptz', of: (model) => model.createdAt.toISOString() }, id],
  },
  ACCURACY_DESC: {
    direction: 'DESC',
    columns: [
      {
        sql: sql`coalesce(m.accuracy, ${sql.lit(UNKNOWN_ACCURACY)})`,
        type: 'float8',
        of: (model) => model.accuracy ?? UNKNOWN_ACCURACY,
      },
      id,
    ],
  },
};

/** A page of models. */
export const modelPage = prepared<ModelFilter & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<ModelOrder>; wanted: Wanted | undefined }) => {
    const order = modelOrders[page.order];
    return selectNode('Model', wanted)
      .where(condition(args, given))
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/** How many models pass the filter. */
export const modelCount = prepared<ModelFilter>()((args, given: Given) =>
  db.selectFrom('models as m').select(count.as('count')).where(condition(args, given)),
);

const condition = ({ search, architecture, trainingData, supervision, task, series }: Placeholders<ModelFilter>, given: Given) =>
  allOf<ModelFilter>(
    {
      search: sql`(strpos(lower(m.slug), lower(${search})) > 0 OR strpos(lower(m.name), lower(${search})) > 0)`,
      architecture: sql`m.architecture = ${architecture}`,
      trainingData: sql`m.training_data = ${trainingData}`,
      supervision: sql`m.supervision = ${supervision}`,
      task: sql`m.task = ${task}`,
      series: sql`m.series_id = (SELECT r.id FROM series r WHERE r.slug = ${series})`,
    },
    given,
  );
