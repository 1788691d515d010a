import { DissectoryError } from '../../../core/errors.ts';
import type { Store } from '../../../store/store.ts';
import { barsOf, type Counting, type PlotRow } from './bars.ts';

export interface LayersAsked extends Counting {
  /** Slug. */
  dataset: string;
  tau: number;
  /** Name; null: each model's deepest layer that has been dissected so. */
  layer: string | null;
}

/**
 * One row a model and category, with what the models are told apart by: the bars of comparisons, and with a series'
 * models its curve over iterations.
 *
 * @param models slugs; a model that has not been dissected so is left out
 * @throws NOT_FOUND where a model or the dataset does not exist, or no model is left
 */
export async function exportLayers(
  store: Store,
  models: readonly string[],
  { dataset, tau, layer, ...counting }: LayersAsked,
): Promise<PlotRow[]> {
  const known = await store.prisma.model.findMany({ where: { slug: { in: [...models] } }, select: { slug: true } });
  const unknown = models.find((slug) => !known.some((model) => model.slug === slug));
  if (unknown !== undefined) throw absent('model', unknown);
  if ((await store.prisma.dataset.count({ where: { slug: dataset } })) === 0) throw absent('dataset', dataset);
  const dissections = await store.prisma.dissection.findMany({
    where: {
      ...{ tau, current: true, basis: 'IDENTITY', dataset: { slug: dataset } },
      layer: { model: { slug: { in: [...models] } }, ...(layer !== null && { name: layer }) },
    },
    include: { layer: { include: { model: true } } },
    orderBy: [{ layer: { index: 'desc' } }, { layerId: 'desc' }],
  });
  const deepest = models.flatMap((slug) => dissections.find((one) => one.layer.model.slug === slug) ?? []);
  if (deepest.length === 0) {
    throw new DissectoryError(
      'NOT_FOUND',
      `None of these models has${layer === null ? '' : ` a layer ${layer}`} been dissected over "${dataset}" at tau ${tau}.`,
    );
  }
  const bars = await barsOf(
    store,
    deepest.map(({ id }) => id),
    deepest[0].datasetId,
    counting,
  );
  return deepest.flatMap(({ id, layer: { name, unitCount, model } }) =>
    (bars.get(id) ?? []).map((bar) => ({
      model: model.slug,
      layer: name,
      units: unitCount,
      architecture: model.architecture,
      trainingData: model.trainingData,
      supervision: model.supervision,
      task: model.task,
      accuracy: model.accuracy,
      iteration: model.iteration,
      ...bar,
      ratio: bar.uniqueDetectors / unitCount,
    })),
  );
}

/** Slugs of a series' checkpoints by iteration. Throws NOT_FOUND. */
export async function checkpointsOf({ prisma }: Store, slug: string): Promise<string[]> {
  const series = await prisma.series.findUnique({
    where: { slug },
    include: { models: { orderBy: [{ iteration: 'asc' }, { id: 'asc' }] } },
  });
  if (!series) throw absent('series', slug);
  return series.models.map((model) => model.slug);
}

const absent = (what: string, slug: string) =>
  new DissectoryError('NOT_FOUND', `There is no ${what} "${slug}": \`dissectory status\` lists those that exist.`);
