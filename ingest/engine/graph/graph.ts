/**
 * A read-only view of a network's graph: who writes a tensor, who reads it, what an attribute or a constant says.
 * ONNX's operators are the words for any network; a graph of another format is translated into them.
 */
import type { ModelProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import { integersOf } from './tensor-values.ts';

export interface Graph {
  /** Version of the standard operators. */
  opset: number;
  /** In topological order, as ONNX demands. */
  nodes: readonly NodeProto[];
  /** What must be fed; older files list their weights among the inputs too, those are left out. */
  inputs: readonly ValueInfoProto[];
  /** Names of the outputs that the file declares. */
  outputs: readonly string[];
  initializers: ReadonlyMap<string, TensorProto>;
  /** The node that writes a tensor. */
  producers: ReadonlyMap<string, NodeProto>;
  /** The nodes that read a tensor. */
  consumers: ReadonlyMap<string, readonly NodeProto[]>;
}

export function viewGraph(model: ModelProto): Graph {
  const { graph: proto } = model;
  if (!proto) throw new Error('a model without a graph');
  const initializers = new Map(proto.initializer.map((tensor) => [tensor.name, tensor]));
  const producers = new Map<string, NodeProto>();
  const consumers = new Map<string, NodeProto[]>();
  for (const node of proto.node) {
    for (const name of writes(node)) producers.set(name, node);
    for (const name of reads(node)) {
      const readers = consumers.get(name);
      if (readers) readers.push(node);
      else consumers.set(name, [node]);
    }
  }
  const standard = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  return {
    opset: Number(standard?.version ?? 1),
    nodes: proto.node,
    inputs: proto.input.filter((input) => !initializers.has(input.name)),
    outputs: proto.output.map((output) => output.name),
    initializers,
    producers,
    consumers,
  };
}

/** Tensors a node writes; optional outputs may be left unnamed. */
export function writes(node: NodeProto): string[] {
  return node.output.filter((name) => name !== '');
}

/** Tensors a node reads, each once; those that the graphs inside it (If, Loop) take from outside included. */
export function reads(node: NodeProto): Set<string> {
  const names = new Set(node.input.filter((name) => name !== ''));
  for (const attribute of node.attribute) {
    for (const graph of attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs) {
      for (const inner of graph.node) for (const name of reads(inner)) names.add(name);
    }
  }
  return names;
}

/** The nodes that are needed to compute `tensors`, in the graph's order. */
export function ancestors(graph: Graph, tensors: Iterable<string>): NodeProto[] {
  const needed = new Set<NodeProto>();
  const open = [...tensors];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = graph.producers.get(name);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    open.push(...reads(node));
  }
  return graph.nodes.filter((node) => needed.has(node));
}

/** The tensors that `tensors` decide, themselves included. */
export function dependents(graph: Graph, tensors: Iterable<string>): Set<string> {
  const decided = new Set(tensors);
  for (const node of graph.nodes) {
    if ([...reads(node)].some((name) => decided.has(name))) for (const name of writes(node)) decided.add(name);
  }
  return decided;
}

/** Tensors that can be computed from one input alone, in the graph's order. */
export function computableFrom(graph: Graph, input: string): string[] {
  const missing = new Set(graph.inputs.map(({ name }) => name).filter((name) => name !== input));
  return graph.nodes.flatMap((node) => {
    if (![...reads(node)].some((name) => missing.has(name))) return writes(node);
    for (const name of writes(node)) missing.add(name);
    return [];
  });
}

/** An attribute that is an integer; `absent` where the node does not set it. */
export function integer(node: NodeProto, name: string, absent: number): number {
  const attribute = node.attribute.find((candidate) => candidate.name === name);
  return attribute ? Number(attribute.i) : absent;
}

/** An attribute that is a list of integers; null where the node does not set it. */
export function integers(node: NodeProto, name: string): number[] | null {
  const attribute = node.attribute.find((candidate) => candidate.name === name);
  return attribute ? attribute.ints.map(Number) : null;
}

/** An attribute that is text; `absent` where the node does not set it. */
export function text(node: NodeProto, name: string, absent: string): string {
  const attribute = node.attribute.find((candidate) => candidate.name === name);
  return attribute ? new TextDecoder().decode(attribute.s) : absent;
}

/** The integers of an input that does not depend on the image; null where it is left out or computed. */
export function constantIntegers(graph: Graph, name: string | undefined): number[] | null {
  if (!name) return null;
  const stored = graph.initializers.get(name);
  if (stored) return integersOf(stored);
  const node = graph.producers.get(name);
  if (node?.opType === 'Identity') return constantIntegers(graph, node.input[0]);
  if (node?.opType !== 'Constant') return null;
  const value = node.attribute.find((attribute) => attribute.name.startsWith('value'));
  if (value?.t) return integersOf(value.t);
  if (value?.name === 'value_int') return [Number(value.i)];
  return value?.name === 'value_ints' ? value.ints.map(Number) : null;
}
