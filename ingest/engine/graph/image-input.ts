import type { TensorProto_DataType } from 'onnx-buf';

/** Where a tensor of images has its channels: before rows and columns, or behind. */
export type Layout = 'NCHW' | 'NHWC';

/** Where a layer's values lie in its tensor: as maps, as tokens [batch, tokens, units], or as one value a unit. */
export type Arrangement = Layout | 'tokens' | 'vector';

/** What the network takes: one image tensor, its size, layout and number type. */
export interface ImageInput {
  name: string;
  layout: Layout;
  /** A float type of TensorProto.DataType. */
  elementType: TensorProto_DataType;
  height: number;
  width: number;
  /** null where any number of images is taken. */
  batch: number | null;
}

export interface InputSize {
  height: number;
  width: number;
}
