import type { LayerInfo, TokenGrid, UnreadableTensor } from '../engine.ts';
import { findLayer, whyUnreadable } from './find-layer.ts';
import { type Graph, writes } from './graph.ts';
import type { ImageInput } from './image-input.ts';
import { describeLayers, type MapTensor, mapTensors } from './layers.ts';
import { nameLayers } from './names.ts';
import { receptiveFields } from './receptive-field.ts';
import type { TensorFacts } from './tensor-facts.ts';

export interface NetworkLayers {
  layers: readonly LayerInfo[];
  unreadable: readonly UnreadableTensor[];
  /** What of the graph each layer is. */
  maps: ReadonlyMap<string, MapTensor>;
  layer(name: string): LayerInfo;
}

/** Reads from a graph, and from what its tensors turned out to be, the layers that can be dissected. */
export function networkLayers(
  file: string,
  graph: Graph,
  input: ImageInput,
  facts: ReadonlyMap<string, TensorFacts>,
  tokens: TokenGrid | null,
): NetworkLayers {
  const shapeOf = (tensor: string) => facts.get(tensor)?.shape ?? graph.initializers.get(tensor)?.dims.map(Number) ?? null;
  const fields = receptiveFields(graph, input, shapeOf);
  const maps = mapTensors(graph, input, facts, fields, tokens);
  const readable = new Set(maps.map(({ tensor }) => tensor));
  const spatial = new Set(maps.flatMap(({ tensor, layout }) => (layout === 'vector' ? [] : [tensor])));
  const names = nameLayers(graph, spatial, readable);
  const layers = describeLayers(graph, input, maps, names);
  return {
    layers,
    unreadable: graph.nodes.flatMap((node) =>
      writes(node)
        .filter((tensor) => fields.has(tensor) && facts.has(tensor) && !readable.has(tensor))
        .map((tensor) => ({ name: names.of(tensor).name, operator: node.opType, why: whyUnreadable(facts.get(tensor) ?? null) })),
    ),
    maps: new Map(maps.map((map) => [map.tensor, map])),
    layer: (name) => calledBy(name, findLayer(file, name, layers, names, facts)),
  };
}

/** A layer under the name that it was asked for by: that is the name its user will look for. */
function calledBy(name: string, layer: LayerInfo): LayerInfo {
  if (name === layer.name) return layer;
  return { ...layer, name, aliases: [layer.name, ...layer.aliases.filter((alias) => alias !== name)] };
}
