import type { Size } from '../../../core/placement.ts';
import type { Model } from '../../../prisma/generated/client.ts';
import type { Store } from '../../../store/store.ts';
import type { LayerInfo, Network, Runner, RunOptions } from '../../engine/engine.ts';
import { openModel } from '../../registered/registered.ts';
import { startChecked } from '../../registered/start-checked.ts';
import { ensureLayer } from '../../write/model.ts';

/** Where to run. */
export type Where = Pick<RunOptions, 'targets'>;

/** A layer of a registered model, ready to run. */
export interface OpenedLayer {
  model: Model;
  layer: LayerInfo;
  /** Of its row. */
  layerId: number;
  /** Gives this layer alone. */
  runner: Runner;
  input: Size;
}

/** Throws what `openModel` throws, LAYER_NOT_FOUND, NOT_SPATIAL. @param slug of the model */
export async function openLayer(store: Store, slug: string, name: string, where: Where): Promise<OpenedLayer> {
  const { model, network } = await openModel(store, slug);
  return startLayer(store, model, network, network.layer(name), where);
}

/** Starts a layer of a network that is open. */
export async function startLayer(store: Store, model: Model, network: Network, layer: LayerInfo, where: Where): Promise<OpenedLayer> {
  const { id: layerId } = await ensureLayer(store, model.id, layer);
  const runner = await startChecked(store, model, network, [layer], { normalisation: { mean: model.mean, std: model.std }, ...where });
  return { model, layer, layerId, runner, input: { height: network.inputHeight, width: network.inputWidth } };
}
