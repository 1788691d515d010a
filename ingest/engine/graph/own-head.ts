/** Finds the linear classifier that a network ends in: [layer] - global average pooling - one linear operator. */
import type { NodeProto } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import type { LayerInfo } from '../engine.ts';
import { constantIntegers, dependents, type Graph, integer, integers } from './graph.ts';
import type { MapTensor } from './map-tensor.ts';
import type { TensorFacts } from './tensor-facts.ts';
import { scalarOf } from './tensor-values.ts';

/** What of the graph the head is. */
export interface HeadNodes {
  layer: LayerInfo;
  /** The classes' scores, before any softmax. */
  scores: string;
  classes: number;
  weights: { tensor: string; factor: number /** Units before classes. */; transposed: boolean };
  /** Added to the scores: one a class, or one for all. */
  biases: readonly { tensor: string; factor: number }[];
}

const words = (text: string) => new Set(text.split(' '));

/** Behind the scores: what keeps their order, or only their shape. */
const BEHIND = words('Softmax LogSoftmax Sigmoid Identity Cast Flatten Reshape Squeeze QuantizeLinear DequantizeLinear');
/** Between pooling and classifier: nothing of it changes a number while the network is not trained. */
const BETWEEN = words('Flatten Reshape Squeeze Unsqueeze Identity Dropout Cast QuantizeLinear DequantizeLinear');
const BEFORE = words('Identity Dropout Cast QuantizeLinear DequantizeLinear');

/** What is known of the classifier that is meant. */
export interface AskedHead {
  /** The declared output that gives its scores. */
  output: string | null;
  /** How many classes it tells apart; 0: not known. */
  classes: number;
}

interface Scores {
  /** The declared output. */
  output: string;
  /** The tensor before any softmax. */
  scores: string;
  classes: number;
}

/**
 * The scores of the classifier that is meant: of the output that is named, else of the one that gives one value a
 * class. Several of them that give as many values as there are classes are one too many; what others are computed from
 * is no classifier, but features.
 *
 * @returns null where there is none
 * @throws BAD_INPUT naming the outputs where several could be meant, or where there is no output of that name
 */
export function headOutput(graph: Graph, facts: ReadonlyMap<string, TensorFacts>, asked: AskedHead): Scores | null {
  const { output: named } = asked;
  if (named !== null && !graph.outputs.includes(named)) {
    throw new DissectoryError('BAD_INPUT', `The network has no output "${named}". Its outputs: ${graph.outputs.join(', ')}.`);
  }
  const outputs = named === null ? graph.outputs : [named];
  const all = outputs.flatMap((output): Scores[] => {
    const scores = behindScores(graph, output);
    const values = (facts.get(scores)?.shape.slice(1) ?? []).filter((size) => size > 1);
    return values.length === 1 ? [{ output, scores, classes: values[0] }] : [];
  });
  const each = [...new Map(all.map((one) => [one.scores, one])).values()];
  const fitting = each.filter(({ classes }) => classes === asked.classes);
  const candidates = fitting.length > 0 ? fitting : each;
  const last = candidates.filter(({ scores }) => {
    const decided = dependents(graph, [scores]);
    return !candidates.some((other) => other.scores !== scores && decided.has(other.scores));
  });
  if (last.length > 1) {
    const shown = last.map(({ output, classes }) => `${output} (${classes} values)`).join(', ');
    const how = `Name the one that is meant in the model card ("output": "${last[0].output}") or with \`model add --output ${last[0].output}\`.`;
    throw new DissectoryError('BAD_INPUT', `Several outputs of the network could be the scores of its classes: ${shown}. ${how}`);
  }
  return last[0] ?? null;
}

/**
 * The tensor whose values a declared output gives but for functions that keep their order: softmax, sigmoid, a
 * temperature.
 */
function behindScores(graph: Graph, output: string): string {
  let { tensor, node } = back(graph, output, BEHIND);
  for (let from = beforeTemperature(graph, node); from !== null; from = beforeTemperature(graph, node))
    ({ tensor, node } = back(graph, from, BEHIND));
  return tensor;
}

/** What a node scales by one positive number; null where it does something else. */
function beforeTemperature(graph: Graph, node: NodeProto | null): string | null {
  if (node?.opType !== 'Mul' && node?.opType !== 'Div') return null;
  const [first, second] = node.input;
  const isFactor = (name: string) => (scalarOf(graph, name) ?? 0) > 0;
  if (isFactor(second)) return first;
  return node.opType === 'Mul' && isFactor(first) ? second : null;
}

/**
 * The head whose scores are meant; null where the network does not end so. Quantised activations on the way are passed
 * over: the head is then the network's own but for the rounding.
 *
 * @throws what `headOutput` throws
 */
export function ownHead(
  graph: Graph,
  facts: ReadonlyMap<string, TensorFacts>,
  maps: ReadonlyMap<string, MapTensor>,
  layers: readonly LayerInfo[],
  asked: AskedHead,
): HeadNodes | null {
  const decided = dependents(
    graph,
    graph.inputs.map(({ name }) => name),
  );
  const isConstant = (tensor: string) => !decided.has(tensor);
  const meant = headOutput(graph, facts, asked);
  return meant && headBefore(meant.scores);

  function headBefore(scores: string): HeadNodes | null {
    let node = graph.producers.get(scores) ?? null;
    const biases: { tensor: string; factor: number }[] = [];
    while (node?.opType === 'Add' && node.input.some(isConstant)) {
      const [constant, rest] = isConstant(node.input[0]) ? node.input : node.input.toReversed();
      biases.push({ tensor: constant, factor: 1 });
      ({ node } = back(graph, rest, BETWEEN));
    }
    const linear = node && linearPart(node, isConstant);
    if (!linear) return null;
    const pooling = back(graph, linear.input, BETWEEN);
    if (!pooling.node || !isGlobalAverage(pooling.node)) return null;
    const { tensor } = back(graph, pooling.node.input[0], BEFORE);
    const layer = layers.find((one) => one.tensor === tensor);
    const shape = facts.get(scores)?.shape.slice(1) ?? [];
    const classes = shape.reduce((product, size) => product * size, 1);
    // A reshape between could also mix images or units.
    const pooled = facts
      .get(linear.input)
      ?.shape.slice(1)
      .filter((size) => size > 1);
    if (!layer || layer.grid.height * layer.grid.width === 1 || classes < 2 || pooled?.join() !== String(layer.units)) return null;
    return { layer, scores, classes, weights: linear.weights, biases: [...biases, ...linear.biases] };
  }

  function isGlobalAverage(node: NodeProto): boolean {
    if (node.opType === 'GlobalAveragePool') return true;
    const shape = facts.get(node.input[0])?.shape;
    const map = maps.get(back(graph, node.input[0], BEFORE).tensor);
    if (!map || shape?.length !== 4) return false;
    if (node.opType === 'ReduceMean') {
      const axes = integers(node, 'axes') ?? constantIntegers(graph, node.input[1]);
      const spatial = map.layout === 'NHWC' ? '1,2' : '2,3';
      return (
        axes
          ?.map((axis) => (axis < 0 ? axis + 4 : axis))
          .sort()
          .join() === spatial
      );
    }
    if (node.opType !== 'AveragePool' || map.layout !== 'NCHW') return false;
    const kernel = integers(node, 'kernel_shape')?.join();
    const isPadded = (integers(node, 'pads') ?? []).some((pad) => pad > 0);
    return kernel === `${map.height},${map.width}` && !isPadded;
  }
}

/** The tensor before operators of these types, and who writes it. */
function back(graph: Graph, tensor: string, types: ReadonlySet<string>) {
  let node = graph.producers.get(tensor);
  while (node && types.has(node.opType)) {
    tensor = node.input[0];
    node = graph.producers.get(tensor);
  }
  return { tensor, node: node ?? null };
}

interface Linear {
  input: string;
  weights: HeadNodes['weights'];
  biases: HeadNodes['biases'];
}

/** A linear operator whose weights do not depend on the image. */
function linearPart(node: NodeProto, isConstant: (tensor: string) => boolean): Linear | null {
  const [input, tensor, bias] = node.input;
  if (!tensor || isConstant(input) || !isConstant(tensor) || (bias && !isConstant(bias))) return null;
  const biases = (factor: number) => (bias ? [{ tensor: bias, factor }] : []);
  switch (node.opType) {
    case 'Gemm': {
      const float = (name: string) => node.attribute.find((attribute) => attribute.name === name)?.f ?? 1;
      if (integer(node, 'transA', 0) !== 0) return null;
      const transposed = integer(node, 'transB', 0) === 0;
      return { input, weights: { tensor, factor: float('alpha'), transposed }, biases: biases(float('beta')) };
    }
    case 'MatMul':
      return { input, weights: { tensor, factor: 1, transposed: true }, biases: [] };
    case 'Conv':
      // On one cell; a larger kernel would meet padding only, or not fit.
      if (integer(node, 'group', 1) !== 1 || (integers(node, 'pads') ?? []).some((pad) => pad > 0)) return null;
      return { input, weights: { tensor, factor: 1, transposed: false }, biases: biases(1) };
    default:
      return null;
  }
}
