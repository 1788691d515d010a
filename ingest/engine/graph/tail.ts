/** The part of a network that a layer decides. */
import type { NodeProto } from 'onnx-buf';
import { ancestors, dependents, type Graph, reads } from './graph.ts';
import { type AskedHead, headOutput } from './own-head.ts';
import type { TensorFacts } from './tensor-facts.ts';

export interface Tail {
  /** The classes' scores, before any softmax. */
  scores: string;
  classes: number;
  /** In the graph's order; what no image decides included. */
  nodes: readonly NodeProto[];
  /** What an image decides and these nodes read: the layer, and what goes past it. */
  boundary: readonly string[];
}

/**
 * What lies between a layer and the scores; null where the network gives no scores, or the layer does not decide them.
 * Throws what `headOutput` throws.
 */
export function tailBehind(graph: Graph, facts: ReadonlyMap<string, TensorFacts>, layer: string, asked: AskedHead): Tail | null {
  const decided = dependents(graph, [layer]);
  const found = headOutput(graph, facts, asked);
  if (!found || !decided.has(found.scores) || found.scores === layer) return null;
  const byImage = dependents(
    graph,
    graph.inputs.map(({ name }) => name),
  );
  const behind = ancestors(graph, [found.scores]).filter((node) => [...reads(node)].some((name) => decided.has(name)));
  const read = [...new Set(behind.flatMap((node) => [...reads(node)]))];
  const constants = ancestors(
    graph,
    read.filter((name) => !byImage.has(name)),
  );
  const kept = new Set([...behind, ...constants]);
  return {
    scores: found.scores,
    classes: found.classes,
    nodes: graph.nodes.filter((node) => kept.has(node)),
    boundary: read.filter((name) => byImage.has(name) && (name === layer || !decided.has(name))),
  };
}
