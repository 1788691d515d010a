/** The module of the user's source code that a node belongs to, read from the names that exporters give. */
import type { NodeProto } from 'onnx-buf';
import { callsOf } from './calls.ts';
import type { Graph } from './graph.ts';

export interface ModulePath {
  components: readonly string[];
  /** PyTorch joins modules by dots, TensorFlow by slashes. */
  separator: '.' | '/';
}

/**
 * The module paths of all nodes, in their order; null where a node's names say nothing.
 *
 * - torch.onnx.export, tracing: node `/layer4/layer4.1/relu_1/Relu` is `layer4.1.relu_1`
 * - torch.onnx.export, dynamo: metadata `pkg.torch.onnx.name_scopes` `['', 'layer4', 'layer4.1', 'layer4.1.relu',
 * 'relu_16']` is `layer4.1.relu`, where
 *   that module is called a second time `layer4.1.relu_1`
 * - tf2onnx: node `StatefulPartitionedCall/model/conv5/Relu` is `conv5`, once what all nodes share is taken off
 * - Paddle: tensor `conv2d_5.tmp_0` is `conv2d_5`
 */
export function modulePaths(graph: Graph): (ModulePath | null)[] {
  const paths = numbered(graph, graph.nodes.map(pathOf));
  const slashed = paths.flatMap((path) => (path?.separator === '/' ? [path.components] : []));
  const shared = sharedComponents(slashed);
  return paths.map((path) => (path?.separator === '/' ? { ...path, components: path.components.slice(shared) } : path));
}

/** Operators whose second input is a layer's weights. */
const WEIGHTED = new Set(['Conv', 'ConvTranspose', 'FusedConv', 'Gemm', 'MatMul']);

/**
 * The modules whose weights the nodes read, by the weights' names: a convolution that a normalisation was folded into
 * bears the scope of the normalisation, but its weights are still called `layer4.1.conv2.weight`. null where they say
 * nothing.
 */
export function weightModules({ nodes, initializers }: Graph): (ModulePath | null)[] {
  return nodes.map(({ opType, input }) => {
    const name = WEIGHTED.has(opType) ? input[1] : undefined;
    if (!name?.endsWith('.weight') || !initializers.has(name)) return null;
    return { components: name.slice(0, -'.weight'.length).split('.'), separator: '.' };
  });
}

/** Later calls of the modules that the metadata names get a number, as tracing gives them. */
function numbered(graph: Graph, paths: readonly (ModulePath | null)[]): (ModulePath | null)[] {
  const scoped = graph.nodes.map((node, i) => (hasScopes(node) ? (paths[i] ?? null) : null));
  const holders = new Set(scoped.flatMap((path) => (path ? enclosingModules(path).slice(0, -1) : [])));
  const leafOf = scoped.map((path) => (path && !holders.has(moduleName(path)) ? moduleName(path) : null));
  const calls = callsOf(graph, leafOf);
  return paths.map((path, i) => {
    if (!path || calls[i] === 0) return path;
    const last = path.components.length - 1;
    return { ...path, components: path.components.map((component, at) => (at === last ? `${component}_${calls[i]}` : component)) };
  });
}

const SCOPES = 'pkg.torch.onnx.name_scopes';

function hasScopes(node: NodeProto): boolean {
  return node.metadataProps?.some(({ key }) => key === SCOPES) ?? false;
}

/** Whether PyTorch's exporter says where a node stands. */
export function isTraced(node: NodeProto): boolean {
  return hasScopes(node) || node.name.startsWith('/');
}

export function moduleName({ components, separator }: ModulePath): string {
  return components.join(separator);
}

/** The modules around it and itself, outermost first. */
export function enclosingModules({ components, separator }: ModulePath): string[] {
  return components.map((_, i) => components.slice(0, i + 1).join(separator));
}

function pathOf(node: NodeProto): ModulePath | null {
  const scopes = node.metadataProps?.find(({ key }) => key === SCOPES);
  if (scopes) return dynamoPath(scopes.value);
  // Old Caffe exports name tensors only.
  const name = node.name || (node.output[0] ?? '');
  if (name.startsWith('/')) return tracedPath(name.split('/').slice(1, -1));
  if (name.includes('/')) return { components: name.split('/').slice(0, -1), separator: '/' };
  const paddle = /^(.+)\.tmp_\d+$/.exec(node.output[0] ?? '');
  return paddle ? { components: [paddle[1]], separator: '.' } : null;
}

/** The list is Python's repr of the scopes from the root ('') to the node itself, each a whole path. */
function dynamoPath(repr: string): ModulePath | null {
  const scopes = [...repr.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2]);
  const innermost = scopes.at(-2);
  return innermost ? { components: innermost.split('.'), separator: '.' } : null;
}

/**
 * A child of a Sequential repeats its parent's name (`layer4`, `layer4.1`), any other child does not (`layer4.1`,
 * `conv1`).
 */
function tracedPath(segments: readonly string[]): ModulePath | null {
  const path: string[] = [];
  for (const segment of segments) {
    const parent = path.at(-1);
    if (parent !== undefined && segment.startsWith(`${parent}.`)) path.pop();
    path.push(segment);
  }
  return path.length === 0 ? null : { components: path.join('.').split('.'), separator: '.' };
}

/** How many leading components all paths share, at least one being left to each. */
function sharedComponents(paths: readonly (readonly string[])[]): number {
  if (paths.length === 0) return 0;
  const deepest = Math.min(...paths.map((path) => path.length)) - 1;
  const differs = paths[0].slice(0, deepest).findIndex((component, i) => paths.some((path) => path[i] !== component));
  return differs === -1 ? deepest : differs;
}
