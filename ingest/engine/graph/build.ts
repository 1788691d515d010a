/** Short ways to write ONNX protobuf parts. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto_DataType,
  TensorProtoSchema,
  TensorProto_DataType as Type,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

export function makeNode(operator: string, inputs: string[], output: string, attribute: AttributeProto[] = []): NodeProto {
  return create(NodeProtoSchema, { opType: operator, name: output, input: inputs, output: [output], attribute });
}

export function integerAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
}

export function integersAttribute(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: values.map(BigInt) });
}

export function textAttribute(name: string, value: string): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) });
}

/** A Constant node rather than an initializer: before IR version 4 an initializer had to be an input as well. */
export function floatConstant(name: string, shape: readonly number[], values: Iterable<number>): NodeProto {
  const rawData = new Uint8Array(Float32Array.from(values).buffer);
  return constant(name, { dataType: Type.FLOAT, dims: shape.map(BigInt), rawData });
}

/** A list of int64. */
export function integerConstant(name: string, values: readonly number[]): NodeProto {
  return constant(name, { dataType: Type.INT64, dims: [BigInt(values.length)], int64Data: values.map(BigInt) });
}

function constant(name: string, tensor: MessageInitShape<typeof TensorProtoSchema>): NodeProto {
  const t = create(TensorProtoSchema, tensor);
  return makeNode('Constant', [], name, [create(AttributeProtoSchema, { name: 'value', type: AttributeProto_AttributeType.TENSOR, t })]);
}

/** A tensor as a graph's input or output; a dimension is a number, or a name where it stays open. */
export function valueInfo(name: string, elemType: TensorProto_DataType, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } } });
}
