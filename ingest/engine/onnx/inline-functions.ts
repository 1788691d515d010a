import { clone, create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
} from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';

/**
 * Puts the bodies of the model's own functions where they are called (the specification's "function inlining"), so that
 * the layers inside have names and can be asked for. Within the call `C`, node `N` and tensor `T` become `C/N` and
 * `C/T`; what the call writes keeps its name. Nodes without metadata of their own get their call's, which says what
 * module they belong to.
 *
 * Functions that were written for another opset than the graph's stay calls, and so do calls within If and Loop: the
 * runtime resolves those. Throws BAD_MODEL where a function calls itself.
 */
export function inlineFunctions(file: string, model: ModelProto): void {
  const { graph } = model;
  const opsets = new Map(model.opsetImport.map(({ domain, version }) => [standard(domain), version]));
  const functions = new Map(
    model.functions.filter((one) => agrees(one, opsets)).map((one) => [key(one.domain, one.name, one.overload), one]),
  );
  if (!graph || functions.size === 0) return;
  for (const { opsetImport } of functions.values())
    for (const one of opsetImport) {
      if (opsets.has(standard(one.domain))) continue;
      opsets.set(standard(one.domain), one.version);
      model.opsetImport.push(one);
    }
  const names = new Set(graph.node.map(callName));
  const used = new Set<string>();
  const tensors = new Set([...graph.node.flatMap(({ output }) => output), ...graph.input.map(({ name }) => name)]);

  function resolve(node: NodeProto, within: readonly FunctionProto[]): NodeProto[] {
    const called = functions.get(key(node.domain, node.opType, node.overload));
    if (!called) return [node];
    if (within.includes(called))
      throw new DissectoryError('BAD_MODEL', `In the model ${file} the function ${called.name} calls itself. Export it again.`);
    const name = unused(callName(node));
    return bodyOf(called, node, name).flatMap((inner) => resolve(inner, [...within, called]));
  }

  /** No other call's, and nothing within it is called as a tensor of the graph is. */
  function unused(name: string): string {
    for (let again = 0; ; again++) {
      const candidate = again === 0 ? name : `${name}:${again}`;
      const isTaken =
        (again > 0 && names.has(candidate)) || used.has(candidate) || [...tensors].some((tensor) => tensor.startsWith(`${candidate}/`));
      if (isTaken) continue;
      used.add(candidate);
      return candidate;
    }
  }
  graph.node = graph.node.flatMap((node) => resolve(node, []));
}

const standard = (domain: string) => (domain === 'ai.onnx' ? '' : domain);
const key = (domain: string, name: string, overload: string) => [standard(domain), name, overload].join('\n');

function agrees({ opsetImport }: FunctionProto, opsets: ReadonlyMap<string, bigint>): boolean {
  return opsetImport.every(({ domain, version }) => (opsets.get(standard(domain)) ?? version) === version);
}

/** Old exporters name tensors only. */
function callName({ name, output }: NodeProto): string {
  return name || (output.find((tensor) => tensor !== '') ?? '');
}

/** The function's nodes as they are within this call. */
function bodyOf(called: FunctionProto, call: NodeProto, name: string): NodeProto[] {
  const tensors = new Map([['', '']]);
  for (const [i, formal] of called.input.entries()) tensors.set(formal, call.input[i] ?? '');
  for (const [i, formal] of called.output.entries()) if (call.output[i]) tensors.set(formal, call.output[i]);
  const given = new Map([...called.attributeProto, ...call.attribute].map((attribute) => [attribute.name, attribute]));
  return called.node.map((node) => placed(node, { name, call, tensors, given }));
}

interface Call {
  name: string;
  call: NodeProto;
  /** What the function's tensors are called outside; the others are its own. */
  tensors: ReadonlyMap<string, string>;
  /** Attributes that the call gives, or the function in its stead. */
  given: ReadonlyMap<string, AttributeProto>;
}

function placed(node: NodeProto, at: Call): NodeProto {
  const renamed = (tensor: string) => at.tensors.get(tensor) ?? join(at.name, tensor);
  return create(NodeProtoSchema, {
    ...node,
    name: join(moduleOf(at.name), callName(node)),
    input: node.input.map(renamed),
    output: node.output.map(renamed),
    attribute: node.attribute.flatMap((attribute) => placedAttribute(attribute, at)),
    metadataProps: node.metadataProps.length > 0 ? node.metadataProps : at.call.metadataProps,
  });
}

/** A call in PyTorch's own style, `/layer4/layer4.1/BasicBlock`: its last part says no more than what is called. */
function moduleOf(name: string): string {
  return name.startsWith('/') && name.lastIndexOf('/') > 0 ? name.slice(0, name.lastIndexOf('/')) : name;
}

function join(outer: string, inner: string): string {
  return inner.startsWith('/') ? `${outer}${inner}` : `${outer}/${inner}`;
}

/** What refers to an attribute of the function becomes what the call gives; nothing where it gives none. */
function placedAttribute(attribute: AttributeProto, at: Call): AttributeProto[] {
  if (attribute.refAttrName !== '') {
    const given = at.given.get(attribute.refAttrName);
    return given ? [create(AttributeProtoSchema, { ...given, name: attribute.name })] : [];
  }
  if (!attribute.g && attribute.graphs.length === 0) return [attribute];
  const { g, graphs } = attribute;
  return [
    create(AttributeProtoSchema, { ...attribute, g: g && placedGraph(g, at), graphs: graphs.map((graph) => placedGraph(graph, at)) }),
  ];
}

/** The branch of an If or the body of a Loop: its own names are the function's own too. */
function placedGraph(graph: GraphProto, at: Call): GraphProto {
  const own = [...graph.input, ...graph.initializer].map(({ name }) => name).concat(graph.node.flatMap(({ output }) => output));
  const tensors = new Map([...at.tensors, ...own.filter((name) => name !== '').map((name) => [name, join(at.name, name)] as const)]);
  const inside = { ...at, tensors };
  const copy = clone(GraphProtoSchema, graph);
  for (const named of [...copy.input, ...copy.output, ...copy.initializer])
    named.name = tensors.get(named.name) ?? join(at.name, named.name);
  copy.valueInfo = [];
  copy.node = graph.node.map((node) => placed(node, inside));
  return copy;
}
