/**
 * A network without branches, read from an ONNX file, to be written anew as a TensorFlow.js model with the same
 * weights.
 */
import type { TensorProto } from 'onnx-buf';
import { integers, viewGraph } from '../../../../ingest/engine/graph/graph.ts';
import { readModel } from '../../../../ingest/engine/onnx/model.ts';

export interface Weights {
  shape: number[];
  values: Float32Array;
}

export type Link =
  | { kind: 'conv'; name: string; kernel: Weights; bias: Weights; stride: number; pad: number }
  | { kind: 'pool'; name: string; size: number; stride: number; pad: number }
  | { kind: 'flatten'; name: string }
  | { kind: 'dense'; name: string; kernel: Weights; bias: Weights; activated: boolean };

/**
 * Kernels as TensorFlow has them: height, width, in, out. A convolution stands for itself and the ReLU behind it, whose
 * name it bears.
 */
export async function readChain(file: string): Promise<Link[]> {
  const { proto } = await readModel(file);
  const graph = viewGraph(proto);
  const stored = (name: string) => weightsOf(graph.initializers.get(name) as TensorProto);
  return graph.nodes.flatMap((node): Link[] => {
    const [output] = node.output;
    const next = graph.consumers.get(output)?.[0];
    const activated = next?.opType === 'Relu';
    const name = activated ? next.output[0] : output;
    const [stride] = integers(node, 'strides') ?? [1];
    const [pad] = integers(node, 'pads') ?? [0];
    switch (node.opType) {
      case 'Relu':
        return [];
      case 'Conv':
        return [{ kind: 'conv', name, kernel: permuted(stored(node.input[1]), [2, 3, 1, 0]), bias: stored(node.input[2]), stride, pad }];
      case 'MaxPool':
        return [{ kind: 'pool', name, size: (integers(node, 'kernel_shape') as number[])[0], stride, pad }];
      case 'Flatten':
        return [{ kind: 'flatten', name }];
      case 'Gemm':
        return [{ kind: 'dense', name, kernel: permuted(stored(node.input[1]), [1, 0]), bias: stored(node.input[2]), activated }];
      default:
        throw new Error(`a chain has no ${node.opType}`);
    }
  });
}

function weightsOf({ dims, rawData }: TensorProto): Weights {
  return { shape: dims.map(Number), values: new Float32Array(Uint8Array.from(rawData).buffer) };
}

function permuted({ shape, values }: Weights, order: readonly number[]): Weights {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const to = order.map((axis) => shape[axis]);
  const moved = new Float32Array(values.length);
  const place = to.map(() => 0);
  for (let i = 0; i < moved.length; i++) {
    moved[i] = values[order.reduce((at, axis, j) => at + place[j] * strides[axis], 0)];
    for (let axis = to.length - 1; axis >= 0 && ++place[axis] === to[axis]; axis--) place[axis] = 0;
  }
  return { shape: to, values: moved };
}
