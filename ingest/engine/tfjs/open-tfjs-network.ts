import { openGraphModel } from './graph-network.ts';
import { openLayersModel } from './layers-network.ts';
import type { TfjsModel } from './model-file.ts';
import type { TfjsNetwork } from './network.ts';
import type { Tf } from './tf.ts';

/**
 * Builds the network on the backend that is set. Throws what the runtime throws where it does not know a layer or an
 * operator.
 */
export function openTfjsNetwork(tf: Tf, model: TfjsModel): Promise<TfjsNetwork> {
  return model.format === 'graph' ? openGraphModel(tf, model) : openLayersModel(tf, model);
}
