import { type NodeProto, TensorProto_DataType } from 'onnx-buf';
import type { TensorField } from './field/tensor-field.ts';
import type { Arrangement } from './image-input.ts';

/** A tensor that can be dissected. */
export interface MapTensor {
  tensor: string;
  elementType: TensorProto_DataType;
  layout: Arrangement;
  node: NodeProto;
  index: number;
  units: number;
  height: number;
  width: number;
  /** Tokens in front that are dropped. */
  skip: number;
  field: TensorField | 'unknown';
}

export const FLOATS: ReadonlySet<TensorProto_DataType> = new Set([
  TensorProto_DataType.FLOAT,
  TensorProto_DataType.FLOAT16,
  TensorProto_DataType.DOUBLE,
]);
