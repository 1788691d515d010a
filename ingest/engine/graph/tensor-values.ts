import { type TensorProto, TensorProto_DataType } from 'onnx-buf';

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
