import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType, ValueInfoProtoSchema } from 'onnx-buf';
import { integerAttribute, makeNode } from '../graph/build.ts';
import { type OnnxDevice, requirePresent } from './device.ts';
import { startRunner } from './runner.ts';

/** Makes sure that a device really opens, with a network of one operator. Throws BAD_INPUT saying why it does not. */
export async function requireDevice(device: OnnxDevice): Promise<void> {
  if (device === 'cpu') return; // it always opens
  requirePresent(device); // spares a thread
  const runner = await startRunner(
    { bytes: smallest(), folder: '.', input: 'in', outputs: ['out'], ...IMAGE, batch: 1, threads: 1, devices: [device] },
    1,
  );
  await runner.close();
}

const IMAGE = { height: 1, width: 1 };

/** One pixel in, three numbers out. */
function smallest(): Uint8Array<ArrayBuffer> {
  const { UINT8, FLOAT } = TensorProto_DataType;
  const shape = { dim: [1, IMAGE.height, IMAGE.width, 3].map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } })) };
  const tensor = (name: string, elemType: number) =>
    create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: { elemType, shape } } } });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 13n }],
    graph: {
      name: 'smallest',
      input: [tensor('in', UINT8)],
      node: [makeNode('Cast', ['in'], 'out', [integerAttribute('to', FLOAT)])],
      output: [tensor('out', FLOAT)],
    },
  });
  return Uint8Array.from(toBinary(ModelProtoSchema, model));
}
