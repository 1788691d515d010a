import { Prisma } from '../../../prisma/generated/client.ts';
import type { Orders, Page } from '../connections.ts';
import type { PredictionRow } from '../rows.ts';
import { beyond, orderBy } from './keyset.ts';

/** Which predictions of a head: over the images of a dataset; classes by their places in the head. */
export interface PredictionSelection {
  headId: number;
  datasetId: number;
  wrong?: boolean | null;
  trueClasses?: number[];
  predictedClasses?: number[];
}

export const predictionOrders: Orders<'ID_ASC', PredictionRow> = {
  ID_ASC: { direction: 'ASC', columns: [{ sql: Prisma.sql`p.id`, type: 'int4', of: (prediction) => prediction.id }] },
};

/** A page of predictions, one row more than its limit where there is one; a condition for `selectRows`. */
export const predictionPage = (selection: PredictionSelection, page: Page<'ID_ASC'>): Prisma.Sql => Prisma.sql`
  ${condition(selection)} AND ${beyond(predictionOrders[page.order], page)}
  ORDER BY ${orderBy(predictionOrders[page.order], page)} LIMIT ${page.limit + 1}`;

/** How many predictions there are. */
export const predictionCount = (selection: PredictionSelection): Prisma.Sql =>
  Prisma.sql`SELECT count(*)::int AS count FROM predictions p WHERE ${condition(selection)}`;

function condition({ headId, datasetId, wrong, trueClasses, predictedClasses }: PredictionSelection): Prisma.Sql {
  const conditions = [
    Prisma.sql`p.head_id = ${headId}`,
    Prisma.sql`EXISTS (SELECT FROM images i WHERE i.id = p.image_id AND i.dataset_id = ${datasetId})`,
  ];
  if (wrong != null) conditions.push(Prisma.sql`p.wrong = ${wrong}`);
  if (trueClasses) conditions.push(Prisma.sql`p.true_class = ANY(${trueClasses}::int[])`);
  if (predictedClasses) conditions.push(Prisma.sql`p.predicted = ANY(${predictedClasses}::int[])`);
  return Prisma.join(conditions, ' AND ');
}
