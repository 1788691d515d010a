import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { correlation } from '../../../store/results/correlation.ts';
import { db, rowsOf } from '../../../store/sql/statement.ts';
import type { Context } from '../context.ts';
import { uniqueDetectorsOf } from '../counts.ts';
import type { DiscriminationPointResolvers, HeadKind, QueryDiscriminationArgs } from '../generated/resolvers.ts';
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
async function evaluatedLayers(imagesId: number, kind: HeadKind, { store, budget }: Context): Promise<EvaluatedLayer[]> {
  const newest = db
    .selectFrom('evaluations as v')
    .innerJoin('heads as h', 'h.id', 'v.head_id')
    .distinctOn('h.layer_id')
    .select(['h.layer_id as layerId', 'h.id as headId', 'v.accuracy'])
    .where('v.dataset_id', '=', imagesId)
    .where('h.kind', '=', kind)
    .orderBy('h.layer_id')
    .orderBy('h.id', 'desc');
  const best = db.selectFrom(newest.as('e')).selectAll().orderBy('e.accuracy', 'desc').orderBy('e.layerId').limit(budget.limit());
  return budget.count(await rowsOf(store.pool, best));
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
