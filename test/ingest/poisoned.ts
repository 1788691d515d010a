import { readFile } from 'node:fs/promises';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';

/**
 * The bytes of an ONNX file with one bias of its last convolution replaced: that unit, and all that it leads to, gives
 * this value everywhere.
 */
export async function poisoned(file: string, unit: number, value: number): Promise<Uint8Array> {
  const proto = fromBinary(ModelProtoSchema, await readFile(file));
  const convolution = proto.graph?.node.findLast(({ opType }) => opType === 'Conv');
  const bias = proto.graph?.initializer.find(({ name }) => name === convolution?.input[2]);
  if (!bias) throw new Error(`${file} has no convolution with a bias`);
  const { buffer, byteOffset, byteLength } = bias.rawData;
  new DataView(buffer, byteOffset, byteLength).setFloat32(unit * 4, value, true);
  return toBinary(ModelProtoSchema, proto);
}
