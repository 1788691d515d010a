import { sql } from 'kysely';
import { count, db, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import type { ExperimentFilter } from '../generated/schema.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { ExperimentRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

type Given = readonly (keyof ExperimentFilter)[];

export const experimentOrders: Orders<'CREATED_DESC', ExperimentRow> = {
  CREATED_DESC: {
    direction: 'DESC',
    columns: [
      { sql: sql.ref('e.created_at'), type: 'timestamptz', of: (experiment) => experiment.createdAt.toISOString() },
      { sql: sql.ref('e.id'), type: 'int4', of: (experiment) => experiment.id },
    ],
  },
};

/** A page of experiments. */
export const experimentPage = prepared<ExperimentFilter & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<'CREATED_DESC'>; wanted: Wanted | undefined }) => {
    const order = experimentOrders[page.order];
    return selectNode('Experiment', wanted)
      .where(condition(args, given))
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/** How many experiments pass the filter. */
export const experimentCount = prepared<ExperimentFilter>()((args, given: Given) =>
  db.selectFrom('experiments as e').select(count.as('count')).where(condition(args, given)),
);

const condition = ({ kind, model, dataset }: Placeholders<ExperimentFilter>, given: Given) =>
  allOf<ExperimentFilter>(
    {
      kind: sql`e.kind = ${kind}`,
      dataset: sql`e.dataset_id = (SELECT s.id FROM datasets s WHERE s.slug = ${dataset})`,
      model: sql`e.layer_id IN (SELECT l.id FROM layers l JOIN models m ON m.id = l.model_id WHERE m.slug = ${model})`,
    },
    given,
  );
