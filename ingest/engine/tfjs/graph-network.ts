import { TensorProto_DataType } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import { valueInfo } from '../graph/build.ts';
import { constantsOf } from './constants.ts';
import { dataInputs, type GraphNode, graphNodes, reference, shapeOf } from './graph-def.ts';
import type { TfjsModel } from './model-file.ts';
import type { TfjsNetwork } from './network.ts';
import { translateNode } from './node-operators.ts';
import type { Tf } from './tf.ts';
import { type Translated, tensorOfSums } from './translated.ts';

const PLACEHOLDERS = new Set(['Placeholder', 'PlaceholderWithDefault']);

/** What follows them needs an execution that waits, and has no shape that could be told beforehand. */
const DYNAMIC = new Set(
  (
    'Switch Merge Enter Exit NextIteration LoopCond If While StatelessIf StatelessWhile NonMaxSuppressionV2 NonMaxSuppressionV3 ' +
    'NonMaxSuppressionV4 NonMaxSuppressionV5 Where TensorListReserve TensorListFromTensor TensorListStack TensorListSetItem TensorListGetItem ' +
    'TensorArrayV3 TensorArrayReadV3 TensorArrayWriteV3 HashTable HashTableV2 LookupTableFind LookupTableFindV2'
  ).split(' '),
);

/** A graph model, as tensorflowjs_converter writes it from a SavedModel or a frozen graph. */
export async function openGraphModel(tf: Tf, model: TfjsModel): Promise<TfjsNetwork> {
  const { modelTopology, weightSpecs, weightData, signature } = model;
  const loaded = await tf.loadGraphModel({
    load: async () => ({ modelTopology, weightSpecs, weightData, signature }),
  });
  const nodes = graphNodes(modelTopology);
  const graph = translate(
    nodes,
    model,
    loaded.outputs.map(({ name }) => reference(name).tensor),
  );
  const [image] = graph.inputs;
  const tensors = computable(nodes, graph);
  if (tensors.length === 0) {
    const message = `In ${model.file} all that follows from the image lies behind a loop or a condition. Convert the network without its pre- and postprocessing.`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  return {
    graph,
    computable: tensors,
    dense: () => null,
    run: (images, tensors) => [loaded.execute({ [image.name]: images }, [...tensors])].flat(),
  };
}

function translate(nodes: readonly GraphNode[], model: TfjsModel, outputs: string[]): Translated {
  const weights = constantsOf(model);
  const translated: Translated = { inputs: [], nodes: [], constants: [...weights.values()], outputs };
  const read = new Set(nodes.flatMap(dataInputs));
  for (const node of nodes) {
    if (PLACEHOLDERS.has(node.op)) {
      const shape = shapeOf(node).map((size, axis) => size ?? `axis${axis}`);
      translated.inputs.push(valueInfo(node.name, elementType(node.attr.dtype?.type), shape));
    } else if (!weights.has(node.name)) {
      const { nodes: words, constants = [] } = translateNode(node, weights);
      const [last] = words.slice(-1);
      for (const tensor of read) if (reference(tensor).node === node.name && !last.output.includes(tensor)) last.output.push(tensor);
      translated.nodes.push(...words);
      translated.constants.push(...constants);
    }
  }
  return translated;
}

const TYPES: Readonly<Record<string, TensorProto_DataType>> = {
  DT_FLOAT: TensorProto_DataType.FLOAT,
  DT_INT32: TensorProto_DataType.INT32,
  DT_UINT8: TensorProto_DataType.UINT8,
  DT_BOOL: TensorProto_DataType.BOOL,
};

function elementType(type: string | undefined): TensorProto_DataType {
  return TYPES[type ?? 'DT_FLOAT'] ?? TensorProto_DataType.UNDEFINED;
}

function computable(nodes: readonly GraphNode[], { inputs: [image, ...others], nodes: words }: Translated): string[] {
  const inputs = new Map(nodes.map(({ name, input }) => [name, input.map((one) => reference(one).node)]));
  const barred = new Set(others.map(({ name }) => name));
  for (const { name, op } of nodes) if (DYNAMIC.has(op)) barred.add(name);
  spread(inputs, barred);
  const fromImage = new Set(image ? [image.name] : []);
  spread(inputs, fromImage);
  for (const name of barred) fromImage.delete(name);
  const isComputable = (tensor: string) => fromImage.has(reference(tensor).node) && tensorOfSums(tensor) === null;
  return words.flatMap(({ output }) => output).filter(isComputable);
}

/** Adds every node that reads one of them, however far behind; in a loop a node stands before what it reads. */
function spread(inputs: ReadonlyMap<string, readonly string[]>, marked: Set<string>): void {
  for (let before = -1; before !== marked.size; ) {
    before = marked.size;
    for (const [name, read] of inputs) if (read.some((one) => marked.has(one))) marked.add(name);
  }
}
