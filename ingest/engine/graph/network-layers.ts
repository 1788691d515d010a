import type { LayerInfo } from '../engine.ts';
import { findLayer } from './find-layer.ts';
import type { Graph } from './graph.ts';
import type { ImageInput } from './image-input.ts';
import { describeLayers, type MapTensor, mapTensors } from './layers.ts';
import { nameLayers } from './names.ts';
import { receptiveFields } from './receptive-field.ts';
import type { TensorFacts } from './tensor-facts.ts';

export interface NetworkLayers {
  layers: readonly LayerInfo[];
  /** What of the graph each layer is. */
  maps: ReadonlyMap<string, MapTensor>;
  layer(name: string): LayerInfo;
}

/** Reads from a graph, and from what its tensors turned out to be, the layers that can be dissected. */
export function networkLayers(file: string, graph: Graph, input: ImageInput, facts: ReadonlyMap<string, TensorFacts>): NetworkLayers {
  const shapeOf = (tensor: string) => facts.get(tensor)?.shape ?? graph.initializers.get(tensor)?.dims.map(Number) ?? null;
  const fields = receptiveFields(graph, input, shapeOf);
  const maps = mapTensors(graph, input, facts, fields);
  const names = nameLayers(graph, new Set(maps.map(({ tensor }) => tensor)));
  const layers = describeLayers(graph, input, maps, names);
  return {
    layers,
    maps: new Map(maps.map((map) => [map.tensor, map])),
    layer: (name) => findLayer(file, name, layers, names, shapeOf),
  };
}
