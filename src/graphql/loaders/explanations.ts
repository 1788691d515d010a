import DataLoader from 'dataloader';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { bytesToFloats } from '../../../core/floats.ts';
import { anyOf, type Connection, db, prepared } from '../../../store/sql/statement.ts';
import type { RowBudget } from '../budget.ts';
import { selectNode } from '../nodes/select-node.ts';
import { loaderByArgs, loaderOfLists, onesBy } from './batch.ts';

interface HeadClassKey {
  headId: number;
  index: number;
}

/** One class of a head. */
export interface HeadClass extends HeadClassKey {
  /** One a unit. */
  weights: Float32Array;
  bias: number;
}

export interface FeatureKey {
  layerId: number;
  imageId: number;
}

/** A layer's features of an image. */
export interface Feature extends FeatureKey {
  /** One a unit. */
  sums: Float32Array;
  hasMaps: boolean;
}

const classKey = ({ headId, index }: HeadClassKey): string => `${headId}:${index}`;
const featureKey = ({ layerId, imageId }: FeatureKey): string => `${layerId}:${imageId}`;

const withWeights = (row: HeadClassKey & { weights: Uint8Array; bias: number }): HeadClass => ({
  ...row,
  weights: bytesToFloats(row.weights),
});

export const createExplanationLoaders = (pool: Connection, budget: RowBudget) => ({
  /** By model: its own first, then SVMs, newest first. */
  headsOfModel: loaderOfLists(
    async (ids) => budget.count(await headsOfModels(pool, { ids, most: budget.limit() })),
    ({ modelId }) => modelId,
  ),

  /** By head, in the head's order. */
  classNames: new DataLoader(async (ids: readonly number[]) => {
    const names = onesBy(await namesOfClasses(pool, { ids }), ({ headId }) => headId);
    return ids.map((id) => names(id)?.names ?? []);
  }),

  /** One class of a head with its weights; null where the head has no such class. */
  headClass: new DataLoader(
    async (keys: readonly HeadClassKey[]) => {
      const rows = await headClassesAt(pool, { heads: keys.map(({ headId }) => headId), places: keys.map(({ index }) => index) });
      const classes = new Map(rows.map((row) => [classKey(row), withWeights(row)]));
      return keys.map((key) => classes.get(classKey(key)) ?? null);
    },
    { cacheKeyFn: classKey },
  ),

  /** By head, in the head's order, with their weights. */
  classesOfHead: loaderOfLists(
    async (ids) => budget.count(await headClassesOf(pool, { ids, most: budget.limit() })).map(withWeights),
    ({ headId }) => headId,
  ),

  /** By head, datasets in the order of their names. */
  evaluationsOfHead: loaderOfLists(
    async (ids) => budget.count(await evaluationsOfHeads(pool, { ids, most: budget.limit() })),
    ({ headId }) => headId,
  ),

  /** By head; null where it says nothing of the image. */
  predictionOfImage: loaderByArgs(async (ids, { imageId }: { imageId: number }) =>
    onesBy(await predictionsOfImage(pool, { ids, imageId }), ({ headId }) => headId),
  ),

  /** Without the maps; null where there are none. */
  feature: new DataLoader(
    async (keys: readonly FeatureKey[]): Promise<(Feature | null)[]> => {
      const rows = await featuresAt(pool, { layers: keys.map(({ layerId }) => layerId), images: keys.map(({ imageId }) => imageId) });
      const features = new Map(rows.map((row) => [featureKey(row), { ...row, sums: bytesToFloats(row.sums) }]));
      return keys.map((key) => features.get(featureKey(key)) ?? null);
    },
    { cacheKeyFn: featureKey },
  ),
});

const headsOfModels = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  selectNode('Head')
    .innerJoin('layers as l', 'l.id', 'h.layer_id')
    .select('l.model_id as modelId')
    .where('l.model_id', '=', anyOf(ids, 'int4'))
    .orderBy('h.kind')
    .orderBy('h.id', 'desc')
    .limit(most),
);

const namesOfClasses = prepared<{ ids: readonly number[] }>()(({ ids }) =>
  db
    .selectFrom('head_classes as n')
    .select(['n.head_id as headId', sql<string[]>`array_agg(n.name ORDER BY n.index)`.as('names')])
    .where('n.head_id', '=', anyOf(ids, 'int4'))
    .groupBy('n.head_id'),
);

const headClasses = () => db.selectFrom('head_classes as n').select(['n.head_id as headId', 'n.index', 'n.weights', 'n.bias']);

const headClassesAt = prepared<{ heads: readonly number[]; places: readonly number[] }>()(({ heads, places }) =>
  headClasses().where(isPair('n.head_id', 'n.index', heads, places)),
);

const headClassesOf = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  headClasses().where('n.head_id', '=', anyOf(ids, 'int4')).orderBy('n.index').limit(most),
);

const evaluationsOfHeads = prepared<{ ids: readonly number[]; most: number }>()(({ ids, most }) =>
  db
    .selectFrom('evaluations as v')
    .innerJoin('datasets as s', 's.id', 'v.dataset_id')
    .select(['v.head_id as headId', 'v.dataset_id as datasetId', 'v.image_count as imageCount', 'v.accuracy'])
    .select('v.class_accuracies as classAccuracies')
    .where('v.head_id', '=', anyOf(ids, 'int4'))
    .orderBy('s.slug')
    .limit(most),
);

const predictionsOfImage = prepared<{ ids: readonly number[]; imageId: number }>()(({ ids, imageId }) =>
  selectNode('Prediction').where('p.head_id', '=', anyOf(ids, 'int4')).where('p.image_id', '=', imageId),
);

const featuresAt = prepared<{ layers: readonly number[]; images: readonly number[] }>()(({ layers, images }) =>
  db
    .selectFrom('features as f')
    .select(['f.layer_id as layerId', 'f.image_id as imageId', 'f.sums', sql<boolean>`f.maps IS NOT NULL`.as('hasMaps')])
    .where(isPair('f.layer_id', 'f.image_id', layers, images)),
);

function isPair(
  first: string,
  second: string,
  firsts: RawBuilder<readonly number[]>,
  seconds: RawBuilder<readonly number[]>,
): RawBuilder<SqlBool> {
  return sql`(${sql.ref(first)}, ${sql.ref(second)}) IN (SELECT * FROM unnest(${firsts}::int[], ${seconds}::int[]))`;
}
