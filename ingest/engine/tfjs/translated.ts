/** A network's parts in ONNX's words, which every graph here is read in. No weights: their shapes are enough. */
import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
} from 'onnx-buf';
import { integerAttribute, makeNode } from '../graph/build.ts';

/** A weight, or a constant with its values where they are few integers. */
export interface Constant {
  name: string;
  shape: readonly number[];
  integers?: readonly number[];
}

export interface Translated {
  inputs: ValueInfoProto[];
  nodes: NodeProto[];
  constants: Constant[];
  /** The tensors that the network declares to give. */
  outputs: string[];
}

/** TensorFlow's operators take rows and columns to be before the channels. */
export const CHANNELS_LAST = integerAttribute('channels_last', 1);

/** What a dense layer's weights are called, behind the name of the tensor that it writes. */
export const KERNEL = '#kernel';

const SUMS = '#sums';

/** The tensor inside whose operator these sums are; null for any other tensor. */
export function tensorOfSums(name: string): string | null {
  return name.endsWith(SUMS) ? name.slice(0, -SUMS.length) : null;
}

/**
 * An operator with an activation inside, as two nodes: the operator writes `TENSOR#sums`, which no one can read, and
 * the activation the tensor. Both bear the name of the one that they are.
 */
export function withActivation(
  operator: string,
  inputs: string[],
  tensor: string,
  attributes: AttributeProto[],
  activation: string,
): NodeProto[] {
  if (activation === 'Identity') return [makeNode(operator, inputs, tensor, attributes)];
  const sums = `${tensor}${SUMS}`;
  return [makeNode(operator, inputs, sums, attributes), makeNode(activation, [sums], tensor)];
}

/** As a model, such as the readers of graphs take it. */
export function asModel({ inputs, nodes, constants, outputs }: Translated): ModelProto {
  return create(ModelProtoSchema, {
    // Upsampling and softmax are said in the words of opset 13; paddings and axes as attributes, as before it.
    opsetImport: [{ domain: '', version: 13n }],
    graph: {
      name: 'network',
      input: inputs,
      node: nodes,
      initializer: constants.map(({ name, shape, integers }) =>
        create(TensorProtoSchema, {
          name,
          dims: shape.map(BigInt),
          dataType: integers ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT,
          int64Data: integers?.map((value) => BigInt(value)) ?? [],
        }),
      ),
      output: outputs.map((name) => ({ name })),
    },
  });
}
