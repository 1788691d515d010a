import { sql } from 'kysely';
import { anyOf, db, prepared } from '../../../store/sql/statement.ts';
import { nodeAhead } from '../nodes/select-node.ts';
import type { Wanted } from '../nodes/wanted.ts';

interface TopScores {
  ids: readonly number[];
  category: string | null;
  first: number;
  most: number;
}

/** The `first` best scores of each unit, all categories or one; equal IoUs in concept order. */
export const topScores = prepared<TopScores>()(
  ({ ids, category, first, most }, { ofCategory, concept }: { ofCategory: boolean; concept: Wanted | undefined }) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom('unit_scores as s')
          .innerJoin('concepts as c', 'c.id', 's.concept_id')
          .select(['s.unit_id as unitId', 's.concept_id as conceptId', 's.iou', 's.intersection', 's.union'])
          .select(sql<number>`row_number() OVER (PARTITION BY s.unit_id ORDER BY s.iou DESC, c.index)`.as('place'))
          .where('s.unit_id', '=', anyOf(ids, 'int4'))
          .$if(ofCategory, (query) => query.where('c.category', '=', category))
          .as('s'),
      )
      .select(['s.unitId', 's.conceptId', 's.iou', 's.intersection', 's.union'])
      .$if(concept !== undefined, (query) => query.select(nodeAhead(concept as Wanted, sql.ref('s.conceptId')).as('concept')))
      .where('s.place', '<=', first)
      .orderBy('s.unitId')
      .orderBy('s.place')
      .limit(most),
);

/** The `first` top images of each unit, strongest first. */
export const topImages = prepared<Omit<TopScores, 'category'>>()(({ ids, first, most }, { image }: { image: Wanted | undefined }) =>
  db
    .selectFrom('top_images as t')
    .select(['t.unit_id as unitId', 't.rank', 't.image_id as imageId', 't.max_activation as maxActivation'])
    .$if(image !== undefined, (query) => query.select(nodeAhead(image as Wanted, sql.ref('t.image_id')).as('image')))
    .where('t.unit_id', '=', anyOf(ids, 'int4'))
    .where('t.rank', '<=', first)
    .orderBy('t.unit_id')
    .orderBy('t.rank')
    .limit(most),
);
