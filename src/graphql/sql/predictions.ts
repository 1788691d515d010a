import { sql } from 'kysely';
import { anyOf, count, db, type Placeholders, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import { selectNode } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';
import type { PredictionRow } from '../rows.ts';
import { allOf } from './filter.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

/** Which predictions of a head: over the images of a dataset; classes by their places in the head. */
export interface PredictionSelection {
  headId: number;
  datasetId: number;
  wrong?: boolean | null;
  trueClasses?: readonly number[];
  predictedClasses?: readonly number[];
}

type Given = readonly (keyof PredictionSelection)[];

export const predictionOrders: Orders<'ID_ASC', PredictionRow> = {
  ID_ASC: { direction: 'ASC', columns: [{ sql: sql.ref('p.id'), type: 'int4', of: (prediction) => prediction.id }] },
};

/** A page of predictions. */
export const predictionPage = prepared<PredictionSelection & PageValues>()(
  (args, { given, page, wanted }: { given: Given; page: PageShape<'ID_ASC'>; wanted: Wanted | undefined }) => {
    const order = predictionOrders[page.order];
    return selectNode('Prediction', wanted)
      .where(condition(args, given))
      .where(beyond(order, page, args))
      .orderBy(orderBy(order, page))
      .limit(args.rows);
  },
);

/** How many predictions there are. */
export const predictionCount = prepared<PredictionSelection>()((args, given: Given) =>
  db.selectFrom('predictions as p').select(count.as('count')).where(condition(args, given)),
);

const condition = ({ headId, datasetId, wrong, trueClasses, predictedClasses }: Placeholders<PredictionSelection>, given: Given) =>
  allOf<PredictionSelection>(
    {
      headId: sql`p.head_id = ${headId}`,
      datasetId: sql`EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id = ${datasetId})`,
      wrong: sql`p.wrong = ${wrong}`,
      trueClasses: sql`p.true_class = ${anyOf(trueClasses, 'int4')}`,
      predictedClasses: sql`p.predicted = ${anyOf(predictedClasses, 'int4')}`,
    },
    given,
  );
