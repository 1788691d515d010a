import type { NodeProto } from 'onnx-buf';
import type { Graph } from './graph.ts';

const words = (text: string) => new Set(text.split(' '));

const ACTIVATIONS = words(
  'Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Clip Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu Mish Swish',
);
const BETWEEN = words(
  'BatchNormalization InstanceNormalization GroupNormalization LRN QuantizeLinear DequantizeLinear Identity Dropout Cast',
);
const SCALE_OR_SHIFT = words('Add Mul Sub Div');
const SCALE = words('Mul Div');
/** Functions that are written with a factor behind them: hard swish and GELU. */
const NEED_FACTOR = words('Clip Erf');

/**
 * The tensor that an activation function of `tensor`'s own writes: it alone reads `tensor`, with no more than a
 * normalisation, a bias or a quantisation between. A function in several operators, `x * f(x)`, counts as one. null
 * where there is none.
 */
export function ownActivation(graph: Graph, tensor: string): string | null {
  let current = tensor;
  for (;;) {
    const readers = readersOf(graph, current);
    if (readers.length === 2) return selfGated(graph, readers);
    if (readers.length !== 1) return null;
    const [reader] = readers;
    if (ACTIVATIONS.has(reader.opType)) return reader.output[0];
    if (!BETWEEN.has(reader.opType) && !takesConstant(graph, reader, SCALE_OR_SHIFT)) return null;
    current = reader.output[0];
  }
}

/** `x * f(x)`, f a chain of functions and constants: swish, hard swish, mish, GELU. */
function selfGated(graph: Graph, readers: readonly NodeProto[]): string | null {
  const product = readers.find((reader) => reader.opType === 'Mul' && !takesConstant(graph, reader, SCALE));
  let link = readers.find((reader) => reader !== product);
  let needsFactor = false;
  while (product && link && link !== product) {
    const isFunction = ACTIVATIONS.has(link.opType) || link.opType === 'Erf';
    if (!isFunction && !takesConstant(graph, link, SCALE_OR_SHIFT)) return null;
    needsFactor ||= NEED_FACTOR.has(link.opType);
    const next = readersOf(graph, link.output[0]);
    if (next.length !== 1) return null;
    link = next[0];
  }
  if (!product || !link) return null;
  const [factor] = readersOf(graph, product.output[0]);
  return needsFactor && factor && takesConstant(graph, factor, SCALE) ? factor.output[0] : product.output[0];
}

function readersOf(graph: Graph, tensor: string): readonly NodeProto[] {
  return graph.consumers.get(tensor) ?? [];
}

function takesConstant(graph: Graph, node: NodeProto, operators: ReadonlySet<string>): boolean {
  const isConstant = (name: string) => graph.initializers.has(name) || graph.producers.get(name)?.opType === 'Constant';
  return operators.has(node.opType) && node.input.some(isConstant);
}
