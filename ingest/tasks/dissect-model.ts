import type { Store } from '../../store/store.ts';
import type { AskedDissection, AskedReading, RunSettings } from '../dissection/asked.ts';
import { type DissectedReading, dissectReadings } from '../dissection/dissect-readings.ts';
import type { Network } from '../engine/engine.ts';
import { methodsNamed } from '../labelling/labellers.ts';

export interface DissectRequest extends RunSettings {
  /** Slug. */
  model: string;
  /** Slug. */
  dataset: string;
  /** Names as `Network.layer` takes them; `all` for every listed layer. */
  layers: readonly string[];
  tau: number;
  /**
   * What must be known of the units beside their IoU; see `methodsNamed`. Absent: nothing more, though errors of IoUs
   * are where it is computed.
   */
  labels?: readonly string[];
}

export type DissectedLayer = Pick<DissectedReading, 'layer' | 'id' | 'computed'>;

/** Dissects layers of a registered model in their own basis, at one tau; see `dissectReadings`. */
export async function dissectModel(store: Store, request: DissectRequest): Promise<DissectedLayer[]> {
  const dissected = await dissectReadings(store, askedOfModel(request), request);
  return dissected.map(({ layer, id, computed }) => ({ layer, id, computed }));
}

export const askedOfModel = ({ model, dataset, layers, tau, labels = [] }: DissectRequest): AskedDissection => ({
  ...{ model, dataset },
  taus: [tau],
  readings: (network) => asTheyAre(network, layers),
  methods: methodsNamed(['iou', ...labels]),
  demanded: methodsNamed(labels),
});

/**
 * The named layers in their own basis, in the graph's order, each once. `all` leaves out those that are asked for by
 * another name. Throws LAYER_NOT_FOUND, NOT_SPATIAL.
 */
function asTheyAre(network: Network, names: readonly string[]): AskedReading[] {
  const asked = [...new Set(names)].filter((name) => name !== 'all').map((name) => network.layer(name));
  const tensors = new Set(asked.map(({ tensor }) => tensor));
  const others = names.includes('all') ? network.layers.filter(({ listed, tensor }) => listed && !tensors.has(tensor)) : [];
  return [...asked, ...others].sort((a, b) => a.index - b.index).map((layer) => ({ layer, turn: null }));
}
