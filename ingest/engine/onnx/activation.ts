import type { NodeProto } from 'onnx-buf';
import type { Graph } from './graph.ts';

const ACTIVATIONS = new Set(
  'Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Clip Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Gelu Mish Swish'.split(' '),
);
const GATES = new Set(['Sigmoid', 'HardSigmoid']);
const BETWEEN = new Set([
  'BatchNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'LRN',
  'QuantizeLinear',
  'DequantizeLinear',
  'Identity',
  'Dropout',
  'Cast',
]);
const SCALE_OR_SHIFT = new Set(['Add', 'Mul', 'Sub', 'Div']);

/** Operators that compute a layer's sums, to which an activation may belong. */
export const LINEAR = new Set(['Conv', 'ConvTranspose', 'QLinearConv', 'Gemm', 'MatMul']);

/**
 * The tensor that an activation function of `tensor`'s own writes: it alone reads `tensor`, with no more than a normalisation, a bias or a
 * quantisation between. `x * sigmoid(x)` counts as one function. null where there is none.
 */
export function ownActivation(graph: Graph, tensor: string): string | null {
  let current = tensor;
  for (;;) {
    const readers = graph.consumers.get(current) ?? [];
    if (readers.length === 2) return selfGated(graph, readers);
    if (readers.length !== 1) return null;
    const [reader] = readers;
    if (ACTIVATIONS.has(reader.opType)) return reader.output[0];
    if (!BETWEEN.has(reader.opType) && !isConstantShift(graph, reader)) return null;
    current = reader.output[0];
  }
}

function selfGated(graph: Graph, readers: readonly NodeProto[]): string | null {
  const gate = readers.find(({ opType }) => GATES.has(opType));
  const product = readers.find(({ opType }) => opType === 'Mul');
  if (!gate || !product?.input.includes(gate.output[0])) return null;
  return graph.consumers.get(gate.output[0])?.length === 1 ? product.output[0] : null;
}

function isConstantShift(graph: Graph, node: NodeProto): boolean {
  return (
    SCALE_OR_SHIFT.has(node.opType) &&
    node.input.some((name) => graph.initializers.has(name) || graph.producers.get(name)?.opType === 'Constant')
  );
}
