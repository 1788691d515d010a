import type { Store } from '../../../store/store.ts';
import type { AskedReading, RunSettings } from '../../dissection/asked.ts';
import { type DissectedReading, dissectReadings } from '../../dissection/dissect-readings.ts';
import type { LayerInfo } from '../../engine/engine.ts';
import { rotationPowers } from '../../math/rotation/power.ts';
import { GENERATOR, randomRotation } from '../../math/rotation/random-rotation.ts';
import { writeExperiment } from '../../write/experiment.ts';

export interface RotationRequest extends RunSettings {
  /** Slug. */
  model: string;
  /** Slug. */
  dataset: string;
  /** As `Network.layer` takes it. */
  layer: string;
  tau: number;
  /** 0 to 1; 0 is the layer's own basis. */
  alphas: readonly number[];
  /** Whole numbers: one rotation each. */
  seeds: readonly number[];
}

export interface ExperimentResult {
  /** Of the experiment. */
  id: number;
  dissections: DissectedReading[];
}

/**
 * Reads a layer in its own basis and turned by Q^alpha, for each alpha and one random rotation Q a seed: does the
 * number of unique detectors depend on the basis (paper, 3.2)? All bases come from one forward pass where memory
 * allows.
 *
 * @throws what `dissectReadings` throws
 */
export async function rotationExperiment(store: Store, request: RotationRequest): Promise<ExperimentResult> {
  const { model, dataset, layer, tau, ...settings } = request;
  const alphas = sortedOnce(request.alphas);
  const seeds = sortedOnce(request.seeds);
  const readings = (info: LayerInfo) => [
    ...alphas.filter((alpha) => alpha === 0).map(() => ({ layer: info, turn: null })),
    ...seeds.flatMap((seed) => turned(info, alphas, seed)),
  ];
  const asked = {
    model,
    dataset,
    taus: [tau],
    readings: (network: { layer(name: string): LayerInfo }) => readings(network.layer(layer)),
    methods: [],
    demanded: [],
  };
  const dissections = await dissectReadings(store, asked, settings);
  const parameters = { tau, alphas, seeds, generator: GENERATOR };
  return { id: await writeExperiment(store, 'ROTATION', parameters, dissections), dissections };
}

/** All alphas but 0; the rotation is drawn when the first of them is needed. */
function turned(layer: LayerInfo, alphas: readonly number[], seed: number): AskedReading[] {
  let powers: ReturnType<typeof rotationPowers> | undefined;
  const power = (alpha: number) => {
    powers ??= rotationPowers(randomRotation(layer.units, seed), layer.units);
    return Float32Array.from(powers(alpha));
  };
  return alphas
    .filter((alpha) => alpha !== 0)
    .map((alpha) => ({ layer, turn: { parameters: { seed, alpha }, generator: GENERATOR, rotation: () => power(alpha) } }));
}

function sortedOnce(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
