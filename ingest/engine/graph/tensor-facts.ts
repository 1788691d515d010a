import type { TensorProto_DataType } from 'onnx-buf';

/** What a tensor turned out to be when the network ran. */
export interface TensorFacts {
  elementType: TensorProto_DataType;
  shape: readonly number[];
  /** Of a few integers their values, such as shapes and pads that the graph computes. */
  integers?: readonly number[];
}
