import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { Prisma } from '../../../prisma/generated/client.ts';
import { correlation } from '../../../store/results/correlation.ts';
import type { Context } from '../context.ts';
import { uniqueDetectorsOf } from '../counts.ts';
import type { DiscriminationPointResolvers, QueryDiscriminationArgs } from '../generated/resolvers.ts';
import type { DatasetRow, DiscriminationPointRow } from '../rows.ts';

interface EvaluatedLayer {
  layerId: number;
  headId: number;
  accuracy: number;
}

export const DiscriminationPoint: DiscriminationPointResolvers = {
  model: ({ layer }, _, { loaders }) => loaders.node.Model.load(layer.modelId),
  head: ({ headId }, _, { loaders }) => loaders.node.Head.load(headId),
};

/** Accuracy beside unique detectors (paper, 3.9, Fig. 26), best accuracy first. */
export async function discrimination(images: DatasetRow, dataset: DatasetRow, args: QueryDiscriminationArgs, context: Context) {
  const evaluated = await evaluatedLayers(images.id, args.headKind ?? 'SVM', context);
  const points = (await Promise.all(evaluated.map((one) => pointOf(one, dataset.slug, args, context)))).filter((point) => point !== null);
  return { points, correlation: correlation(points.map(({ accuracy, uniqueDetectors }) => [accuracy, uniqueDetectors])) };
}

/** The newest head of each layer that was evaluated. */
async function evaluatedLayers(imagesId: number, kind: string, { prisma, budget }: Context): Promise<EvaluatedLayer[]> {
  const rows = await prisma.$queryRaw<EvaluatedLayer[]>(Prisma.sql`
    SELECT * FROM (
      SELECT DISTINCT ON (h.layer_id) h.layer_id AS "layerId", h.id AS "headId", v.accuracy
      FROM evaluations v JOIN heads h ON h.id = v.head_id
      WHERE v.dataset_id = ${imagesId} AND h.kind = ${kind}::"HeadKind"
      ORDER BY h.layer_id, h.id DESC) e
    ORDER BY e.accuracy DESC, e."layerId" LIMIT ${budget.limit()}`);
  return budget.count(rows);
}

/** null where the layer has not been dissected so. */
async function pointOf(
  { layerId, headId, accuracy }: EvaluatedLayer,
  dataset: string,
  { category, minIou, rule, tau }: QueryDiscriminationArgs,
  { loaders }: Context,
): Promise<DiscriminationPointRow | null> {
  const [layer, dissectionId] = await Promise.all([
    loaders.node.Layer.load(layerId),
    loaders.unitDissection.load({ id: layerId, args: { dataset, tau: tau ?? DEFAULT_TAU } }),
  ]);
  if (dissectionId === null) return null;
  const counting = { minIou: minIou ?? DEFAULT_MIN_IOU, rule };
  return { layer, headId, accuracy, uniqueDetectors: await uniqueDetectorsOf({ id: dissectionId }, counting, loaders, category) };
}
