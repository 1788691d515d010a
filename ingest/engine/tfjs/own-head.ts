import type { LayerInfo, OwnHead } from '../engine.ts';
import type { Graph } from '../graph/graph.ts';
import type { MapTensor } from '../graph/map-tensor.ts';
import { type AskedHead, ownHead } from '../graph/own-head.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import type { TfjsModel } from './model-file.ts';
import { askOnce } from './network-thread.ts';
import type { Dense } from './thread.ts';
import { KERNEL } from './translated.ts';

/**
 * Reads the head of a layers model that ends in a dense layer behind global average pooling; null for any other model.
 */
export async function readOwnHead(
  model: TfjsModel,
  graph: Graph,
  facts: ReadonlyMap<string, TensorFacts>,
  maps: ReadonlyMap<string, MapTensor>,
  layers: readonly LayerInfo[],
  asked: AskedHead,
): Promise<OwnHead | null> {
  const head = ownHead(graph, facts, maps, layers, asked);
  if (!head?.weights.tensor.endsWith(KERNEL)) return null;
  const { kernel, bias } = await denseOf(model, head.weights.tensor.slice(0, -KERNEL.length));
  const { layer, classes } = head;
  const { units } = layer;
  if (kernel.length !== units * classes) return null;
  const weights = new Float32Array(classes * units);
  for (let k = 0; k < units; k++) for (let c = 0; c < classes; c++) weights[c * units + k] = kernel[k * classes + c];
  return { layer, classes, weights, biases: bias ?? new Float32Array(classes) };
}

const denseOf = (model: TfjsModel, tensor: string): Promise<Dense> =>
  askOnce<Dense>({ model, devices: ['wasm'], work: { kind: 'dense', tensor } });
