import type { LayerInfo, OwnHead } from '../engine.ts';
import type { Graph } from '../graph/graph.ts';
import type { MapTensor } from '../graph/map-tensor.ts';
import { type AskedHead, ownHead } from '../graph/own-head.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { constantValues } from './constants.ts';
import type { OnnxModel } from './model.ts';

/** Reads weights and biases of the network's own linear head; null where it has none. */
export async function readOwnHead(
  model: Pick<OnnxModel, 'proto' | 'folder'>,
  graph: Graph,
  facts: ReadonlyMap<string, TensorFacts>,
  maps: ReadonlyMap<string, MapTensor>,
  layers: readonly LayerInfo[],
  asked: AskedHead,
): Promise<OwnHead | null> {
  const head = ownHead(graph, facts, maps, layers, asked);
  if (!head) return null;
  const { layer, classes, weights: found, biases: parts } = head;
  const [values, ...added] = await constantValues(model, graph, [found.tensor, ...parts.map(({ tensor }) => tensor)]);
  const { units } = layer;
  if (values.length !== classes * units || added.some(({ length }) => length !== classes && length !== 1)) return null;
  const weights = new Float32Array(classes * units);
  const biases = new Float32Array(classes);
  for (let c = 0; c < classes; c++) {
    for (let k = 0; k < units; k++) weights[c * units + k] = found.factor * values[found.transposed ? k * classes + c : c * units + k];
    for (const [i, part] of added.entries()) biases[c] += parts[i].factor * part[part.length === 1 ? 0 : c];
  }
  return { layer, classes, weights, biases };
}
