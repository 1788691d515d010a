import { clone, create } from '@bufbuild/protobuf';
import { Float16Array, setFloat16 } from '@petamoriken/float16';
import { type ModelProto, ModelProtoSchema, type NodeProto, type TensorProto, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import type { Tensor } from 'onnxruntime-node';

const { FLOAT, FLOAT16 } = TensorProto_DataType;
const LARGEST = 65504;

/** Inputs, by place, that stay float32 whatever the data's type: sizes and scales. */
const ALWAYS_FLOAT: Readonly<Record<string, readonly number[]>> = { Resize: [1, 2], Upsample: [1] };

/**
 * The same network in half precision: weights, constants and casts become float16, values beyond its range its largest.
 * What the network takes and gives becomes float16 too: the caller casts.
 */
export function halve(model: ModelProto): ModelProto {
  const half = clone(ModelProtoSchema, model);
  const { graph } = half;
  if (!graph) return half;
  const keep = new Set(graph.node.flatMap((node) => (ALWAYS_FLOAT[node.opType] ?? []).map((place) => node.input[place])));
  graph.initializer = graph.initializer.map((tensor) => (keep.has(tensor.name) ? tensor : halfTensor(tensor)));
  for (const node of graph.node) halveNode(node, keep);
  graph.valueInfo = []; // the runtime infers them; those of the file speak of float32
  return half;
}

function halveNode(node: NodeProto, keep: ReadonlySet<string>): void {
  if (node.output.some((name) => keep.has(name))) return;
  for (const attribute of node.attribute) {
    if (node.opType === 'Cast' && attribute.name === 'to' && Number(attribute.i) === FLOAT) attribute.i = BigInt(FLOAT16);
    if ((node.opType === 'Constant' || node.opType === 'ConstantOfShape') && attribute.t) attribute.t = halfTensor(attribute.t);
  }
}

function halfTensor(tensor: TensorProto): TensorProto {
  if (tensor.dataType !== FLOAT) return tensor;
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const raw = new DataView(buffer, byteOffset, byteLength);
  const count = byteLength > 0 ? byteLength / 4 : tensor.floatData.length;
  const rawData = new Uint8Array(count * 2);
  const view = new DataView(rawData.buffer);
  for (let i = 0; i < count; i++) {
    const value = byteLength > 0 ? raw.getFloat32(4 * i, true) : tensor.floatData[i];
    setFloat16(view, 2 * i, Math.min(Math.max(value, -LARGEST), LARGEST), true);
  }
  return create(TensorProtoSchema, { name: tensor.name, dims: tensor.dims, dataType: FLOAT16, rawData });
}

/** A tensor's values where they are floats of any precision, else null. */
export function numbersOf({ type, data }: Tensor): ArrayLike<number> | null {
  if (type === 'float32' || type === 'float64') return data as Float32Array | Float64Array;
  if (type !== 'float16') return null;
  const { buffer, byteOffset, length } = data as Uint16Array;
  return new Float16Array(buffer as ArrayBuffer, byteOffset, length);
}
