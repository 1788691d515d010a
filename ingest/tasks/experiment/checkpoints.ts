import { DissectoryError } from '../../../core/errors.ts';
import type { Store } from '../../../store/store.ts';
import type { RunSettings } from '../../dissection/asked.ts';
import { type DissectedReading, dissectReadings } from '../../dissection/dissect-readings.ts';

export interface CheckpointsRequest extends RunSettings {
  /** Slug. */
  series: string;
  /** Slug. */
  dataset: string;
  /** As `Network.layer` takes it. */
  layer: string;
  tau: number;
  onModel(slug: string): void;
}

/**
 * Dissects the same layer of every checkpoint of a series (paper, 3.6), in order of iteration. Throws NOT_FOUND, and
 * what `dissectReadings` throws.
 */
export async function dissectCheckpoints(
  store: Store,
  { series: slug, dataset, layer, tau, onModel, ...settings }: CheckpointsRequest,
): Promise<(DissectedReading & { model: string })[]> {
  const series = await store.prisma.series.findUnique({
    where: { slug },
    include: { models: { orderBy: [{ iteration: 'asc' }, { id: 'asc' }] } },
  });
  if (!series) {
    throw new DissectoryError(
      'NOT_FOUND',
      `There is no series "${slug}": \`dissectory model add FILE --series ${slug}\` adds checkpoints to one.`,
    );
  }
  const dissected: (DissectedReading & { model: string })[] = [];
  for (const { slug: model } of series.models) {
    onModel(model);
    const readings = await dissectReadings(
      store,
      { model, dataset, taus: [tau], readings: (network) => [{ layer: network.layer(layer), turn: null }], methods: ['iou'], demanded: [] },
      settings,
    );
    dissected.push(...readings.map((reading) => ({ ...reading, model })));
  }
  return dissected;
}
