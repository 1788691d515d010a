/** Tells the calls of a module that is called several times apart. */
import { dependents, type Graph, reads } from './graph.ts';

/**
 * Which call of its module each node belongs to, 0 the first; what the exporter that traces writes into its names
 * (`relu`, `relu_1`).
 *
 * Nodes of one call feed each other. Groups of nodes that do not, and do the same, are calls of their own.
 *
 * @param leafOf the module of a node that holds no other module; null for all other nodes
 */
export function callsOf(graph: Graph, leafOf: readonly (string | null)[]): number[] {
  const calls = graph.nodes.map(() => 0);
  const ofLeaf = new Map<string, number[]>();
  const byImage = dependents(
    graph,
    graph.inputs.map(({ name }) => name),
  );
  for (const [i, leaf] of leafOf.entries()) {
    const varies = graph.nodes[i].output.some((name) => byImage.has(name));
    if (leaf !== null && varies) ofLeaf.set(leaf, [...(ofLeaf.get(leaf) ?? []), i]);
  }
  const indexOf = new Map(graph.nodes.map((node, i) => [node, i]));
  for (const [leaf, members] of ofLeaf) {
    if (members.length === 1) continue;
    const groups = new Map<number, number>(members.map((i) => [i, i]));
    const rootOf = (i: number): number => {
      const up = groups.get(i) ?? i;
      return up === i ? i : rootOf(up);
    };
    for (const i of members)
      for (const name of reads(graph.nodes[i])) {
        const writer = graph.producers.get(name);
        const j = writer && indexOf.get(writer);
        if (j !== undefined && leafOf[j] === leaf && groups.has(j)) {
          const [a, b] = [rootOf(i), rootOf(j)];
          groups.set(Math.max(a, b), Math.min(a, b));
        }
      }
    const roots = [...new Set(members.map(rootOf))];
    const does = (root: number) =>
      members
        .filter((i) => rootOf(i) === root)
        .map((i) => graph.nodes[i].opType)
        .sort()
        .join();
    if (roots.some((root) => does(root) !== does(roots[0]))) continue;
    for (const i of members) calls[i] = roots.indexOf(rootOf(i));
  }
  return calls;
}
