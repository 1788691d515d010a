import type { Dataset, Model } from '../../prisma/generated/client.ts';
import { withLock } from '../../store/lock.ts';
import type { Store } from '../../store/store.ts';
import type { Fingerprinted } from '../dataset/open.ts';
import type { LayerInfo, Network, RunOptions } from '../engine/engine.ts';
import type { Method } from '../labelling/labellers.ts';
import { openDataset, openModel } from '../registered/registered.ts';
import { startChecked } from '../registered/start-checked.ts';
import { findDissection } from '../write/dissection.ts';
import { dissectionKey } from '../write/key.ts';
import { lackingLabellings } from '../write/labelling.ts';
import { ensureLayer } from '../write/model.ts';
import type { AskedDissection, Keyed, RunSettings } from './asked.ts';
import { type OneRunner, oneRunner } from './one-runner.ts';
import { identityOf, labellingOf, provenanceOf } from './provenance.ts';

/** What dissections are computed from, each with its key, and what of them the store lacks. */
export interface PlannedDissection {
  model: Model;
  dataset: Dataset;
  network: Network;
  dense: Fingerprinted;
  run: RunOptions;
  batchSize: number;
  runners: OneRunner;
  /** All that is asked for: reading by reading, taus in the order asked for. */
  keyed: readonly Keyed[];
  /** That of it which the store lacks. */
  missing: readonly Keyed[];
  /** Where the network runs. */
  provider: string;
  methods: readonly Method[];
  demanded: readonly Method[];
}

/**
 * Opens what a dissection is computed from, and finds out what of it the store lacks.
 *
 * @throws NOT_FOUND where model or dataset are not registered, BAD_MODEL or BAD_DATASET where their files changed
 * since, LAYER_NOT_FOUND, NOT_SPATIAL
 */
export async function planDissection(store: Store, asked: AskedDissection, settings: RunSettings): Promise<PlannedDissection> {
  const { model, network, normalisation } = await openModel(store, asked.model);
  const { dataset, dense } = await openDataset(store, asked.dataset, {
    signal: settings.signal,
    onProgress: (files, of) => settings.onProgress('fetch', files, of),
  });
  const readings = asked.readings(network);
  const layers = [...new Set(readings.map(({ layer }) => layer))];
  const { targets, precision = 'fp32' } = settings;
  const run: RunOptions = { normalisation, targets, precision };
  const runners = oneRunner((some) => startChecked(store, model, network, some, run));
  const first = await runners.of(layers.slice(0, settings.layersAtOnce));
  settings.onStart?.(first.provider, first.passedOver);
  try {
    const provenance = provenanceOf(model, network, first, dense.sha256, run);
    const layerIds = new Map<LayerInfo, number>();
    for (const layer of layers) layerIds.set(layer, (await ensureLayer(store, model.id, layer)).id);
    const keyed = readings.flatMap((reading) =>
      asked.taus.map((tau) => {
        const identity = identityOf(reading, tau, layerIds.get(reading.layer) as number, dataset.id, provenance);
        return { reading, tau, identity, key: dissectionKey(identity) };
      }),
    );
    return {
      ...{ model, dataset, network, dense, run, runners, keyed },
      batchSize: settings.batchSize ?? first.batchSize,
      provider: first.provider,
      methods: asked.methods,
      demanded: asked.demanded,
      missing: await lacking(store, keyed, asked.demanded),
    };
  } catch (error) {
    await runners.close();
    throw error;
  }
}

/** Does work on what is missing while no other process does on the same model and dataset; it is looked again first. */
export function inTurn<T>(
  store: Store,
  { network, dense, keyed, demanded }: PlannedDissection,
  settings: RunSettings,
  work: (missing: readonly Keyed[], signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const onWait = () => settings.onProgress('waiting', 0, dense.rows.length);
  const lock = { name: `dissect ${network.sha256} ${dense.sha256}`, onWait, signal: settings.signal };
  return withLock(store, lock, async (signal) => work(await lacking(store, keyed, demanded), signal));
}

async function lacking(store: Store, keyed: readonly Keyed[], demanded: readonly Method[]): Promise<readonly Keyed[]> {
  const found = await Promise.all(keyed.map(({ key }) => findDissection(store, key)));
  const labellings = keyed.flatMap(({ key }) => demanded.map((method) => labellingOf(key, method)));
  const unlabelled = new Set((await lackingLabellings(store, labellings)).map(({ dissection }) => dissection));
  return keyed.filter(({ key }, i) => found[i] === null || unlabelled.has(key));
}
