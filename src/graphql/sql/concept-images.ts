import { sql } from 'kysely';
import { anyOf, count, db, eachOf, prepared } from '../../../store/sql/statement.ts';
import type { Orders } from '../connections.ts';
import type { ConceptImageRow } from '../rows.ts';
import { beyond, orderBy, type PageShape, type PageValues } from './keyset.ts';

export const conceptImageOrders: Orders<'COVERAGE_DESC', ConceptImageRow> = {
  COVERAGE_DESC: {
    direction: 'DESC',
    columns: [
      { sql: sql.ref('o.coverage'), type: 'float8', of: (one) => one.coverage },
      { sql: sql.ref('o.image_id'), type: 'int4', of: (one) => one.imageId },
    ],
  },
};

export interface FiringArgs {
  /** Slug; null: of any model. */
  model: string | null;
  tau: number;
  first: number;
}

const columns = ['o.concept_id as conceptId', 'o.image_id as imageId', 'o.pixels', 'o.coverage'] as const;

/** The same page of each of many concepts' images. */
export const imagesOfConcepts = prepared<{ ids: readonly number[]; most: number } & PageValues>()(
  (args, page: PageShape<'COVERAGE_DESC'>) => {
    const order = conceptImageOrders[page.order];
    return db
      .selectFrom(eachOf(args.ids))
      .crossJoinLateral((eb) =>
        eb
          .selectFrom('concept_images as o')
          .selectAll('o')
          .whereRef('o.concept_id', '=', 'x.id')
          .where(beyond(order, page, args))
          .orderBy(orderBy(order, page))
          .limit(args.rows)
          .as('o'),
      )
      .select(columns)
      .orderBy(orderBy(order, page))
      .limit(args.most);
  },
);

/** How many images carry each concept; concepts without any are left out. */
export const imageCountsOfConcepts = prepared<{ ids: readonly number[] }>()(({ ids }) =>
  db
    .selectFrom('concept_images as o')
    .select(['o.concept_id as id', count.as('count')])
    .where('o.concept_id', '=', anyOf(ids, 'int4'))
    .groupBy('o.concept_id'),
);

/** The concepts of each image, most of it first. */
export const conceptsOfImages = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  db
    .selectFrom('concept_images as o')
    .innerJoin('concepts as c', 'c.id', 'o.concept_id')
    .select(columns)
    .where('o.image_id', '=', anyOf(ids, 'int4'))
    .orderBy('o.image_id')
    .orderBy('o.coverage', 'desc')
    .orderBy('c.index')
    .limit(most),
);

/** Units of current dissections in the units' own basis at this tau that have the images among their top images. */
export const firingUnits = prepared<{ ids: readonly number[]; most: number } & FiringArgs>()(
  ({ ids, model, tau, first, most }, { ofModel }: { ofModel: boolean }) =>
    db
      .selectFrom(eachOf(ids))
      .crossJoinLateral((eb) =>
        eb
          .selectFrom('top_images as t')
          .innerJoin('units as u', 'u.id', 't.unit_id')
          .innerJoin('dissections as d', (join) =>
            join.onRef('d.id', '=', 'u.dissection_id').on('d.current', '=', true).on('d.basis', '=', 'IDENTITY').on('d.tau', '=', tau),
          )
          .innerJoin('layers as l', 'l.id', 'd.layer_id')
          .innerJoin('models as m', 'm.id', 'l.model_id')
          .select(['t.unit_id as unitId', 't.rank', 't.image_id as imageId', 't.max_activation as maxActivation'])
          .whereRef('t.image_id', '=', 'x.id')
          .$if(ofModel, (query) => query.where('m.slug', '=', model as never))
          .orderBy('t.rank')
          .orderBy('t.unit_id')
          .limit(first)
          .as('t'),
      )
      .selectAll('t')
      .orderBy('t.imageId')
      .orderBy('t.rank')
      .orderBy('t.unitId')
      .limit(most),
);
