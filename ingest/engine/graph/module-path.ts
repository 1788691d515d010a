/** The module of the user's source code that a node belongs to, read from the names that exporters give. */
import type { NodeProto } from 'onnx-buf';

export interface ModulePath {
  components: readonly string[];
  /** PyTorch joins modules by dots, TensorFlow by slashes. */
  separator: '.' | '/';
}

/**
 * The module paths of all nodes, in their order; null where a node's names say nothing.
 *
 * - torch.onnx.export, tracing: node `/layer4/layer4.1/relu_1/Relu` is `layer4.1.relu_1`
 * - torch.onnx.export, dynamo: metadata `pkg.torch.onnx.name_scopes` `['', 'layer4', 'layer4.1', 'layer4.1.relu', 'relu_16']` is `layer4.1.relu`
 * - tf2onnx: node `StatefulPartitionedCall/model/conv5/Relu` is `conv5`, once what all nodes share is taken off
 * - Paddle: tensor `conv2d_5.tmp_0` is `conv2d_5`
 */
export function modulePaths(nodes: readonly NodeProto[]): (ModulePath | null)[] {
  const paths = nodes.map(pathOf);
  const slashed = paths.flatMap((path) => (path?.separator === '/' ? [path.components] : []));
  const shared = sharedComponents(slashed);
  return paths.map((path) => (path?.separator === '/' ? { ...path, components: path.components.slice(shared) } : path));
}

export function moduleName({ components, separator }: ModulePath): string {
  return components.join(separator);
}

/** The modules around it and itself, outermost first. */
export function enclosingModules({ components, separator }: ModulePath): string[] {
  return components.map((_, i) => components.slice(0, i + 1).join(separator));
}

function pathOf(node: NodeProto): ModulePath | null {
  const scopes = node.metadataProps.find(({ key }) => key === 'pkg.torch.onnx.name_scopes');
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

/** A child of a Sequential repeats its parent's name (`layer4`, `layer4.1`), any other child does not (`layer4.1`, `conv1`). */
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
