/** The nodes of a graph model: TensorFlow's GraphDef as JSON. */
import { z } from 'zod';

const text = z.string();
const dimensions = z.looseObject({ dim: z.array(z.looseObject({ size: z.union([z.string(), z.number()]).optional() })).optional() });

const attribute = z.looseObject({
  s: text.optional(),
  i: z.union([z.string(), z.number()]).optional(),
  b: z.boolean().optional(),
  type: text.optional(),
  shape: dimensions.optional(),
  list: z.looseObject({ s: z.array(text).optional(), i: z.array(z.union([z.string(), z.number()])).optional() }).optional(),
});

const node = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
});

export type GraphNode = z.output<typeof node>;

/** Throws a ZodError where the topology is no GraphDef. */
export function graphNodes(topology: Record<string, unknown>): GraphNode[] {
  return inOrder(z.looseObject({ node: z.array(node) }).parse(topology).node);
}

/**
 * What a node's input refers to: the node, and the name of the tensor (`split:1`; the first of a node goes by the
 * node's name).
 */
export function reference(input: string): { node: string; tensor: string } {
  const [name, place = '0'] = input.replace(/^\^/, '').split(':');
  return { node: name, tensor: place === '0' ? name : `${name}:${place}` };
}

/** Inputs that are tensors; those after `^` only say what must run before. */
export function dataInputs({ input }: GraphNode): string[] {
  return input.filter((name) => !name.startsWith('^')).map((name) => reference(name).tensor);
}

export function numberOf(node: GraphNode, name: string, absent: number): number {
  return Number(node.attr[name]?.i ?? absent);
}

export function numbersOf(node: GraphNode, name: string): number[] {
  return (node.attr[name]?.list?.i ?? []).map(Number);
}

/** Text is written as base64. */
export function textOf(node: GraphNode, name: string): string {
  return decoded(node.attr[name]?.s ?? '');
}

export function textsOf(node: GraphNode, name: string): string[] {
  return (node.attr[name]?.list?.s ?? []).map(decoded);
}

/** Dimensions of a placeholder; null where one is open. Empty where nothing is said. */
export function shapeOf(node: GraphNode): (number | null)[] {
  return (node.attr.shape?.shape?.dim ?? []).map(({ size }) => (Number(size) > 0 ? Number(size) : null));
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}

/** Each node behind those that it reads; GraphDef demands no order. Nodes in a loop keep theirs. */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const visited = new Set<GraphNode>();
  const ordered: GraphNode[] = [];
  for (const root of nodes) {
    const open: { node: GraphNode; inputs: string[] }[] = [];
    const visit = (node: GraphNode | undefined) => {
      if (!node || visited.has(node)) return;
      visited.add(node);
      open.push({ node, inputs: [...node.input] });
    };
    visit(root);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const input = top.inputs.shift();
      if (input !== undefined) visit(byName.get(reference(input).node));
      else ordered.push((open.pop() as { node: GraphNode }).node);
    }
  }
  return ordered;
}
