import type { Store } from '../../../store/store.ts';
import type { RunSettings } from '../../dissection/asked.ts';
import { dissectReadings } from '../../dissection/dissect-readings.ts';
import { writeExperiment } from '../../write/experiment.ts';
import type { ExperimentResult } from './rotation.ts';

export interface TauSweepRequest extends RunSettings {
  /** Slug. */
  model: string;
  /** Slug. */
  dataset: string;
  /** As `Network.layer` takes it. */
  layer: string;
  taus: readonly number[];
}

/** Dissects a layer at several thresholds from one forward pass (paper, 4). Throws what `dissectReadings` throws. */
export async function tauSweep(store: Store, { model, dataset, layer, taus, ...settings }: TauSweepRequest): Promise<ExperimentResult> {
  const sorted = [...new Set(taus)].sort((a, b) => a - b);
  const dissections = await dissectReadings(
    store,
    { model, dataset, taus: sorted, readings: (network) => [{ layer: network.layer(layer), turn: null }], methods: [], demanded: [] },
    settings,
  );
  return { id: await writeExperiment(store, 'TAU_SWEEP', { taus: sorted }, dissections), dissections };
}
