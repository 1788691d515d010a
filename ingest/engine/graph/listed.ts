import type { NodeProto } from 'onnx-buf';
import { ownActivation } from './activation.ts';
import type { Graph } from './graph.ts';
import type { MapTensor } from './map-tensor.ts';
import { isTraced } from './module-path.ts';

const CONVOLUTIONS = new Set(['Conv', 'ConvTranspose', 'FusedConv']);
const JOINS = new Set(['Add', 'Sum', 'Concat']);

/**
 * The tensors that a user would call layers. Where the author declared inner tensors as outputs, those with maps;
 * otherwise what each convolution block gives, behind its activation, and what each join of branches gives. A
 * convolution whose sums go straight into a join is no layer of its own, and a join inside a module of PyTorch's none
 * that anyone has a name for.
 *
 * @param isNamed whether a module gives a tensor
 */
export function listedTensors(graph: Graph, maps: readonly MapTensor[], isNamed: (tensor: string) => boolean): Set<string> {
  const spatial = new Map(maps.filter(({ height, width }) => height * width > 1).map((map) => [map.tensor, map]));
  const declared = graph.outputs.filter((name) => spatial.has(name));
  if (declared.some((name) => graph.consumers.has(name))) return new Set(declared);

  const joins = new Set(graph.nodes.filter((node) => JOINS.has(node.opType) && branches(graph, node, spatial) > 1));
  const listed = new Set<string>();
  for (const node of graph.nodes) {
    const [tensor] = node.output;
    const feedsJoin = graph.consumers.get(tensor)?.some((reader) => joins.has(reader)) ?? false;
    const activated = ownActivation(graph, tensor);
    const isBlock = CONVOLUTIONS.has(node.opType) && (activated !== null || !feedsJoin);
    if (!isBlock && (!joins.has(node) || (isTraced(node) && !isNamed(activated ?? tensor)))) continue;
    // A convolution with its activation inside has sums that no one can read.
    const layer = activated !== null && spatial.has(activated) ? activated : tensor;
    if (spatial.has(layer)) listed.add(layer);
  }
  return listed;
}

/** How many maps go in; parts of one map that are put together again (rolled, gathered into patches) are one. */
function branches(graph: Graph, node: NodeProto, spatial: ReadonlyMap<string, MapTensor>): number {
  const sources = node.input.map((name) => {
    const writer = graph.producers.get(name);
    return writer?.opType === 'Slice' && node.opType === 'Concat' ? writer.input[0] : name;
  });
  return new Set(node.input.flatMap((name, i) => (spatial.has(name) || spatial.has(sources[i]) ? [sources[i]] : []))).size;
}
