import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { Context } from '../context.ts';
import { countsByCategory, detectorsOf, ratio, uniqueDetectorsOf } from '../counts.ts';
import type { ComparedLayerResolvers, LayerRef, QueryCompareArgs } from '../generated/resolvers.ts';
import type { ComparedLayerRow, ComparisonRow, DatasetRow } from '../rows.ts';
import { existingModel } from './existing.ts';

const MAX_LAYERS = 100;

export const ComparedLayer: ComparedLayerResolvers = {
  unitCount: ({ layer }) => layer.unitCount,
  uniqueDetectors: (compared, _, { loaders }) => (compared.dissection ? uniqueDetectorsOf(compared.dissection, compared, loaders) : 0),
  async uniqueDetectorRatio(compared, _, { loaders }) {
    const { layer, dissection } = compared;
    return dissection ? ratio(await uniqueDetectorsOf(dissection, compared, loaders), layer.unitCount) : 0;
  },
  detectors: (compared, _, { loaders }) => (compared.dissection ? detectorsOf(compared.dissection, compared, loaders) : 0),
  byCategory: (compared, _, { loaders }) => countsByCategory(compared.datasetId, compared.dissection, compared, loaders),
};

/** Finds the layers asked for and their current dissections. Throws NOT_FOUND naming the first that does not exist. */
export async function compare(dataset: DatasetRow, args: QueryCompareArgs, context: Context): Promise<ComparisonRow> {
  if (args.layers.length > MAX_LAYERS) {
    throw new DissectoryError('BAD_INPUT', `compare takes at most ${MAX_LAYERS} layers, not ${args.layers.length}.`);
  }
  const minIou = args.minIou ?? DEFAULT_MIN_IOU;
  const rule = args.rule ?? 'TOP_LABEL';
  const asked = { dataset: dataset.slug, tau: args.tau ?? DEFAULT_TAU };
  const compared = async (ref: LayerRef) => ({ ...(await dissected(ref, asked, context)), datasetId: dataset.id, minIou, rule });
  return { dataset, minIou, rule, layers: await Promise.all(args.layers.map(compared)) };
}

/**
 * Every reference is followed by the same steps at the same time, so that all of them together take one statement a
 * step.
 */
export async function dissected(
  ref: LayerRef,
  asked: { dataset: string; tau: number },
  context: Context,
): Promise<Pick<ComparedLayerRow, 'layer' | 'dissection'>> {
  const { loaders } = context;
  const model = await existingModel(ref.model, context);
  const layers = await loaders.layersOfModel.load(model.id);
  const candidates = ref.layer == null ? layers : layers.filter(({ name }) => name === ref.layer);
  const layer = candidates.at(-1);
  if (!layer) {
    const names = layers.map(({ name }) => name).join(', ') || 'none yet';
    throw new DissectoryError(
      'NOT_FOUND',
      `Model "${ref.model}" has no layer${ref.layer == null ? '' : ` "${ref.layer}"`}. Its layers: ${names}.`,
    );
  }
  const dissections = await Promise.all(candidates.map(({ id }) => loaders.currentDissection.load({ id, args: asked })));
  const deepest = dissections.findLastIndex((dissection) => dissection !== null);
  return deepest < 0 ? { layer, dissection: null } : { layer: candidates[deepest], dissection: dissections[deepest] };
}
