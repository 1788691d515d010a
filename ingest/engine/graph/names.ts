/** What a layer is called, and what else it answers to. */
import type { NodeProto } from 'onnx-buf';
import { ownActivation } from './activation.ts';
import { type Graph, writes } from './graph.ts';
import { enclosingModules, type ModulePath, moduleName, modulePaths, weightModules } from './module-path.ts';

/** Operators that compute a layer's sums, or normalise them: their module's name means the activation behind them. */
const BEFORE_ACTIVATION = new Set(['Conv', 'ConvTranspose', 'FusedConv', 'Gemm', 'MatMul', 'BatchNormalization']);

export interface LayerNames {
  /** The tensor that a name means; null for a name that nothing bears. The tensor need not have a map. */
  find(name: string): string | null;
  /**
   * How a tensor is named: a declared output by its own name, else by its module where that means this tensor, else by
   * node, else by tensor.
   */
  of(tensor: string): { name: string; module: string | null; aliases: readonly string[] };
}

/**
 * Names every tensor. A tensor's name goes before a node's, a node's before a module's. A module means the last of its
 * tensors that is read outside of it, of those in `maps` (with a map for each unit) where it has some; where that is a
 * convolution's sums with an activation of their own, the activation.
 */
export function nameLayers(graph: Graph, maps: ReadonlySet<string>, readable: ReadonlySet<string>): LayerNames {
  const paths = modulePaths(graph);
  const modules = moduleTensors(graph, maps, readable, modulesOfNodes(graph, paths));
  const means = new Map([...unnumbered(modules), ...modules]);
  for (const node of graph.nodes) if (node.name) means.set(node.name, writes(node)[0]);
  const tensors = graph.nodes.flatMap(writes);
  for (const tensor of tensors) if (tensor.endsWith(':0')) means.set(tensor.slice(0, -2), tensor);
  for (const tensor of tensors) means.set(tensor, tensor);

  const answers = new Map<string, string[]>();
  for (const [name, tensor] of means) answers.set(tensor, [...(answers.get(tensor) ?? []), name]);
  const moduleOf = new Map(
    graph.nodes.flatMap((node, i) => writes(node).map((tensor) => [tensor, paths[i] ? moduleName(paths[i]) : null])),
  );
  const declared = new Set(graph.outputs);

  return {
    find: (name) => means.get(name) ?? null,
    of(tensor) {
      const path = moduleOf.get(tensor) ?? '';
      const module = means.get(path) === tensor ? path : null;
      const node = graph.producers.get(tensor)?.name ?? '';
      const candidates = [declared.has(tensor) ? tensor : null, module, node];
      const name = candidates.find((candidate) => candidate && means.get(candidate) === tensor) ?? tensor;
      const known = new Set([name, tensor, module, node]);
      return { name, module, aliases: (answers.get(tensor) ?? []).filter((answer) => !known.has(answer)) };
    },
  };
}

/**
 * Keras 3's exporters call the model anew and put `_1` behind the name of each layer. Where most names end so, a layer
 * answers to its name without it too.
 */
function unnumbered(modules: ReadonlyMap<string, string>): Map<string, string> {
  const layers = [...modules].filter(([name]) => !name.includes('.'));
  const numbered = layers.filter(([name]) => name.endsWith('_1'));
  if (layers.length < 3 || numbered.length <= layers.length / 2) return new Map();
  return new Map(numbered.map(([name, tensor]) => [name.slice(0, -2), tensor]));
}

/**
 * The modules that each node stands in, and those whose weights it reads. What only lays the picture out anew stands in
 * none.
 */
function modulesOfNodes(graph: Graph, paths: readonly (ModulePath | null)[]): ReadonlySet<string>[] {
  const weights = weightModules(graph);
  const pictures = new Set(graph.inputs.map(({ name }) => name));
  return graph.nodes.map((node, i) => {
    if (LAYING_OUT.has(node.opType) && pictures.has(node.input[0])) {
      for (const tensor of writes(node)) pictures.add(tensor);
      return new Set();
    }
    return new Set([paths[i], weights[i]].flatMap((path) => (path ? enclosingModules(path) : [])));
  });
}

const LAYING_OUT = new Set(['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Identity', 'Cast']);

/**
 * What each module gives: the last of its tensors that is read outside of it, a map where it has one.
 */
function moduleTensors(
  graph: Graph,
  maps: ReadonlySet<string>,
  readable: ReadonlySet<string>,
  modulesOf: readonly ReadonlySet<string>[],
): Map<string, string> {
  const indexOf = new Map(graph.nodes.map((node, i) => [node, i]));
  const isRead = (tensor: string, outside: string) => {
    const readers = graph.consumers.get(tensor) ?? [];
    return readers.length === 0 || readers.some((reader) => !modulesOf[indexOf.get(reader) ?? 0].has(outside));
  };
  const best = new Map<string, { tensor: string; rank: number }>();
  for (const [i, node] of graph.nodes.entries()) {
    const tensor = representative(node, maps);
    if (tensor === undefined) continue;
    for (const module of modulesOf[i]) {
      const rank = (maps.has(tensor) ? 2 : 0) + (isRead(tensor, module) || graph.outputs.includes(tensor) ? 1 : 0);
      if (rank >= (best.get(module)?.rank ?? 0)) best.set(module, { tensor, rank });
    }
  }
  return new Map([...best].map(([module, { tensor }]) => [module, activated(graph, readable, tensor)]));
}

function representative(node: NodeProto, maps: ReadonlySet<string>): string | undefined {
  const written = writes(node);
  return written.find((tensor) => maps.has(tensor)) ?? written[0];
}

function activated(graph: Graph, readable: ReadonlySet<string>, tensor: string): string {
  const operator = graph.producers.get(tensor)?.opType ?? '';
  if (!BEFORE_ACTIVATION.has(operator)) return tensor;
  const activation = ownActivation(graph, tensor);
  return activation !== null && readable.has(activation) ? activation : tensor;
}
