import type { LayerInfo, TokenGrid, UnreadableTensor } from '../engine.ts';
import type { BatchReport } from './batch-report.ts';
import { findLayer, whyUnreadable } from './find-layer.ts';
import { type Graph, writes } from './graph.ts';
import type { ImageInput, Layout } from './image-input.ts';
import { describeLayers, mapTensors } from './layers.ts';
import { FLOATS, type MapTensor } from './map-tensor.ts';
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

/** What running a network has shown. */
export interface Shown extends BatchReport {
  facts: ReadonlyMap<string, TensorFacts>;
  /** Layouts that light has told, of tensors whose layout the graph does not prove. */
  measured: ReadonlyMap<string, Layout>;
}

/** The tensors of four dimensions whose layout the graph does not prove. */
export function unprovenMaps(graph: Graph, input: ImageInput, facts: ReadonlyMap<string, TensorFacts>): string[] {
  const images = facts.get(input.name)?.shape[0] ?? 1;
  return [...receptiveFields(graph, input, facts)].flatMap(([tensor, field]) => {
    const fact = facts.get(tensor);
    return field === 'unknown' && fact && FLOATS.has(fact.elementType) && fact.shape.length === 4 && fact.shape[0] === images
      ? [tensor]
      : [];
  });
}

/** Reads from a graph, and from what running it has shown, the layers that can be dissected. */
export function networkLayers(
  file: string,
  graph: Graph,
  input: ImageInput,
  { facts, measured, batch, disturbed }: Shown,
  tokens: TokenGrid | null,
): NetworkLayers {
  const fields = receptiveFields(graph, input, facts, measured);
  // What insists on several images at once cannot be kept from mixing them
  const mixed: ReadonlySet<string> = batch !== null && batch > 1 ? disturbed : new Set();
  const maps = mapTensors(graph, input, facts, fields, tokens).filter(({ tensor }) => !mixed.has(tensor));
  const readable = new Set(maps.map(({ tensor }) => tensor));
  const spatial = new Set(maps.flatMap(({ tensor, layout }) => (layout === 'vector' ? [] : [tensor])));
  const names = nameLayers(graph, spatial, readable);
  const why = (tensor: string) =>
    mixed.has(tensor)
      ? `mixes the ${batch} images that the network insists on: an image's values depend on those beside it. Export it with an open batch`
      : whyUnreadable(facts.get(tensor) ?? null);
  const layers = describeLayers(graph, input, maps, names);
  return {
    layers,
    unreadable: graph.nodes.flatMap((node) =>
      writes(node)
        .filter((tensor) => fields.has(tensor) && facts.has(tensor) && !readable.has(tensor))
        .map((tensor) => ({ name: names.of(tensor).name, operator: node.opType, why: why(tensor) })),
    ),
    maps: new Map(maps.map((map) => [map.tensor, map])),
    layer: (name) => calledBy(name, findLayer(file, name, layers, names, why)),
  };
}

/** A layer under the name that it was asked for by: that is the name its user will look for. */
function calledBy(name: string, layer: LayerInfo): LayerInfo {
  if (name === layer.name) return layer;
  return { ...layer, name, aliases: [layer.name, ...layer.aliases.filter((alias) => alias !== name)] };
}
