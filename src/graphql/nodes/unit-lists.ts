/** The lists of a unit that are read in the same statement as a page of units: its top images and its best scores. */
import { type FieldNode, type GraphQLResolveInfo, isObjectType } from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { sql } from 'kysely';
import type { Placeholders } from '../../../store/sql/statement.ts';
import type { TopImageRow, UnitScoreRow } from '../rows.ts';
import { nodeAhead } from './select-node.ts';
import { fieldsIn, NODES, selectionsAt, type Wanted, wantedIn } from './wanted.ts';

/** Of each list that is read, what its statement is written for: the node that each entry points to. */
export interface UnitLists {
  topImages?: { image: Wanted | undefined };
  scores?: { concept: Wanted | undefined; ofCategory: boolean };
}

/** What it is sent with. */
export interface ListValues {
  imagesFirst: number | null;
  scoresFirst: number | null;
  scoresCategory: string | null;
}

/** Longer lists are read by loaders, which count rows while they read. */
const MAX_ENTRIES = 5000;
/** Of a score: the counts of pixels are exact integers, which JSON has not. */
const SCORE_FIELDS = ['iou', 'concept', '__typename'];

/**
 * The lists that a connection of units asks for, each once and of a plain length.
 * @param units how many there may be
 */
export function unitListsOf(info: GraphQLResolveInfo, units: number): { lists: UnitLists; values: ListValues } {
  const fields = selectionsAt(info, NODES).flatMap((set) => fieldsIn(set, info.fragments));
  const lists: UnitLists = {};
  const images = only(fields, 'topImages', info, 9, units);
  if (images) lists.topImages = { image: nodeIn(images.field, 'image', 'Image', info) };
  const scores = only(fields, 'scores', info, 10, units);
  const isPlain = scores && inside(scores.field, info).every(({ name }) => SCORE_FIELDS.includes(name.value));
  if (isPlain) lists.scores = { concept: nodeIn(scores.field, 'concept', 'Concept', info), ofCategory: scores.category !== null };
  return {
    lists,
    values: {
      imagesFirst: images?.first ?? null,
      scoresFirst: scores?.first ?? null,
      scoresCategory: scores?.category ?? null,
    },
  };
}

/** The columns that hold the lists. */
export function unitListColumns({ topImages, scores }: UnitLists, { imagesFirst, scoresFirst, scoresCategory }: Placeholders<ListValues>) {
  const columns = [];
  if (topImages) {
    const image = topImages.image ? sql`, 'image', ${nodeAhead(topImages.image, sql.ref('t.image_id'))}` : sql``;
    columns.push(
      sql<TopImageRow[] | undefined>`(SELECT coalesce(json_agg(json_build_object('unitId', t.unit_id, 'rank', t.rank, 'imageId', t.image_id,
          'maxActivation', t.max_activation${image}) ORDER BY t.rank), '[]')
        FROM top_images t WHERE t.unit_id = u.id AND t.rank <= ${imagesFirst}::int)`.as('topImages'),
    );
  }
  if (scores) {
    const concept = scores.concept ? sql`, 'concept', ${nodeAhead(scores.concept, sql.ref('s.concept_id'))}` : sql``;
    const ofCategory = scores.ofCategory
      ? sql`AND EXISTS (SELECT FROM concepts c WHERE c.id = s.concept_id AND c.category = ${scoresCategory})`
      : sql``;
    columns.push(
      sql<
        UnitScoreRow[] | undefined
      >`(SELECT coalesce(json_agg(json_build_object('unitId', s.unit_id, 'conceptId', s.concept_id, 'iou', s.iou${concept})
          ORDER BY s.iou DESC, s.index), '[]')
        FROM (SELECT s.unit_id, s.concept_id, s.iou, (SELECT c.index FROM concepts c WHERE c.id = s.concept_id) AS index
          FROM unit_scores s WHERE s.unit_id = u.id ${ofCategory} ORDER BY s.iou DESC, index LIMIT ${scoresFirst}::int) s)`.as('scores'),
    );
  }
  return columns;
}

interface List {
  field: FieldNode;
  first: number;
  category: string | null;
}

/** null where it is not asked for, more than once, on a condition, or too long. */
function only(fields: readonly FieldNode[], name: string, info: GraphQLResolveInfo, defaultFirst: number, units: number): List | null {
  const [field, ...more] = fields.filter((one) => one.name.value === name);
  const unit = info.schema.getType('Unit');
  if (!field || more.length > 0 || (field.directives?.length ?? 0) > 0 || !isObjectType(unit)) return null;
  const args = getArgumentValues(unit.getFields()[name], field, info.variableValues);
  const first = typeof args.first === 'number' ? args.first : defaultFirst;
  if (first < 0 || first * units > MAX_ENTRIES) return null;
  return { field, first, category: typeof args.category === 'string' ? args.category : null };
}

const inside = ({ selectionSet }: FieldNode, { fragments }: GraphQLResolveInfo) => (selectionSet ? fieldsIn(selectionSet, fragments) : []);

function nodeIn(list: FieldNode, name: string, type: 'Image' | 'Concept', info: GraphQLResolveInfo): Wanted | undefined {
  const sets = inside(list, info)
    .filter((field) => field.name.value === name)
    .flatMap((field) => field.selectionSet ?? []);
  return sets.length === 0 ? undefined : wantedIn(sets, type, info);
}
