import DataLoader from 'dataloader';
import { bytesToFloats } from '../../../core/floats.ts';
import { Prisma, type PrismaClient } from '../../../prisma/generated/client.ts';
import type { RowBudget } from '../budget.ts';
import type { EvaluationRow, HeadRow, PredictionRow } from '../rows.ts';
import { columns, selectRows } from '../sql/select-rows.ts';
import { loaderByArgs, loaderOfLists } from './batch.ts';

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

type Stored<Row, Bytes extends keyof Row> = Omit<Row, Bytes> & Record<Bytes, Uint8Array>;

const classKey = ({ headId, index }: HeadClassKey): string => `${headId}:${index}`;
const featureKey = ({ layerId, imageId }: FeatureKey): string => `${layerId}:${imageId}`;

async function headClasses(prisma: PrismaClient, condition: Prisma.Sql): Promise<HeadClass[]> {
  const rows = await prisma.$queryRaw<Stored<HeadClass, 'weights'>[]>(
    Prisma.sql`SELECT n.head_id AS "headId", n.index, n.weights, n.bias FROM head_classes n WHERE ${condition}`,
  );
  return rows.map((row) => ({ ...row, weights: bytesToFloats(row.weights) }));
}

export const createExplanationLoaders = (prisma: PrismaClient, budget: RowBudget) => ({
  /** By model: its own first, then SVMs, newest first. */
  headsOfModel: loaderOfLists(
    async (ids) =>
      budget.count(
        await prisma.$queryRaw<(HeadRow & { modelId: number })[]>(Prisma.sql`
          SELECT ${columns.Head}, l.model_id AS "modelId"
          FROM heads h JOIN layers l ON l.id = h.layer_id
          WHERE l.model_id = ANY(${ids}::int[]) ORDER BY h.kind, h.id DESC LIMIT ${budget.limit()}`),
      ),
    ({ modelId }) => modelId,
  ),

  /** By head, in the head's order. */
  classNames: new DataLoader<number, string[]>(async (ids) => {
    const rows = await prisma.$queryRaw<{ headId: number; names: string[] }[]>(Prisma.sql`
      SELECT n.head_id AS "headId", array_agg(n.name ORDER BY n.index) AS names
      FROM head_classes n WHERE n.head_id = ANY(${ids}::int[]) GROUP BY n.head_id`);
    const names = new Map(rows.map((row) => [row.headId, row.names]));
    return ids.map((id) => names.get(id) ?? []);
  }),

  /** One class of a head with its weights; null where the head has no such class. */
  headClass: new DataLoader<HeadClassKey, HeadClass | null, string>(
    async (keys) => {
      const heads = keys.map(({ headId }) => headId);
      const places = keys.map(({ index }) => index);
      const asked = Prisma.sql`(n.head_id, n.index) IN (SELECT * FROM unnest(${heads}::int[], ${places}::int[]))`;
      const classes = new Map((await headClasses(prisma, asked)).map((one) => [classKey(one), one]));
      return keys.map((key) => classes.get(classKey(key)) ?? null);
    },
    { cacheKeyFn: classKey },
  ),

  /** By head, in the head's order, with their weights. */
  classesOfHead: loaderOfLists(
    async (ids) =>
      budget.count(await headClasses(prisma, Prisma.sql`n.head_id = ANY(${ids}::int[]) ORDER BY n.index LIMIT ${budget.limit()}`)),
    ({ headId }) => headId,
  ),

  /** By head, datasets in the order of their names. */
  evaluationsOfHead: loaderOfLists(
    async (ids) =>
      budget.count(
        await prisma.$queryRaw<EvaluationRow[]>(Prisma.sql`
          SELECT v.head_id AS "headId", v.dataset_id AS "datasetId", v.image_count AS "imageCount", v.accuracy, v.class_accuracies AS "classAccuracies"
          FROM evaluations v JOIN datasets s ON s.id = v.dataset_id
          WHERE v.head_id = ANY(${ids}::int[]) ORDER BY s.slug LIMIT ${budget.limit()}`),
      ),
    ({ headId }) => headId,
  ),

  /** By head; null where it says nothing of the image. */
  predictionOfImage: loaderByArgs(async (ids, { imageId }: { imageId: number }) => {
    const rows = await selectRows(prisma, 'Prediction', Prisma.sql`p.head_id = ANY(${ids}::int[]) AND p.image_id = ${imageId}`);
    const predictions = new Map<number, PredictionRow>(rows.map((row) => [row.headId, row]));
    return (id) => predictions.get(id) ?? null;
  }),

  /** Without the maps; null where there are none. */
  feature: new DataLoader<FeatureKey, Feature | null, string>(
    async (keys) => {
      const layers = keys.map(({ layerId }) => layerId);
      const images = keys.map(({ imageId }) => imageId);
      const rows = await prisma.$queryRaw<Stored<Feature, 'sums'>[]>(Prisma.sql`
        SELECT f.layer_id AS "layerId", f.image_id AS "imageId", f.sums, f.maps IS NOT NULL AS "hasMaps"
        FROM features f WHERE (f.layer_id, f.image_id) IN (SELECT * FROM unnest(${layers}::int[], ${images}::int[]))`);
      const features = new Map(rows.map((row) => [featureKey(row), { ...row, sums: bytesToFloats(row.sums) }]));
      return keys.map((key) => features.get(featureKey(key)) ?? null);
    },
    { cacheKeyFn: featureKey },
  ),
});
