import { type NodeProto, type TensorProto, TensorProto_DataType } from 'onnx-buf';

/** The values of a small tensor of int32 or int64 (shapes, axes, pads); null for any other type. */
export function integersOf(tensor: TensorProto): number[] | null {
  const { byteOffset, byteLength, buffer } = tensor.rawData;
  const raw = new DataView(buffer, byteOffset, byteLength);
  if (tensor.dataType === TensorProto_DataType.INT64) {
    if (byteLength === 0) return tensor.int64Data.map(Number);
    return Array.from({ length: byteLength / 8 }, (_, i) => Number(raw.getBigInt64(8 * i, true)));
  }
  if (tensor.dataType === TensorProto_DataType.INT32) {
    if (byteLength === 0) return [...tensor.int32Data];
    return Array.from({ length: byteLength / 4 }, (_, i) => raw.getInt32(4 * i, true));
  }
  return null;
}

/** The value of a constant of one float32; null for anything else. */
export function scalarOf(
  graph: { initializers: ReadonlyMap<string, TensorProto>; producers: ReadonlyMap<string, NodeProto> },
  name: string,
): number | null {
  const node = graph.producers.get(name);
  const tensor =
    graph.initializers.get(name) ?? (node?.opType === 'Constant' ? node.attribute.find((one) => one.name === 'value')?.t : undefined);
  if (tensor?.dataType !== TensorProto_DataType.FLOAT || tensor.dims.some((size) => size !== 1n)) return null;
  if (tensor.floatData.length > 0) return tensor.floatData[0];
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  return byteLength === 4 ? new DataView(buffer, byteOffset, 4).getFloat32(0, true) : null;
}
