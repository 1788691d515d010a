import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { integersAttribute, makeNode, valueInfo } from '../ingest/engine/graph/build.ts';

/**
 * One rectified convolution of `units` units over 16 x 16 patches of a 224 x 224 image: a grid of 14 x 14 at next to no
 * cost.
 */
export function wide(units: number): Uint8Array {
  const { FLOAT } = TensorProto_DataType;
  let state = 7;
  const values = Float32Array.from({ length: units * 3 * 256 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) / 8;
  });
  const weight = create(TensorProtoSchema, {
    name: 'weight',
    dataType: FLOAT,
    dims: [units, 3, 16, 16].map(BigInt),
    rawData: new Uint8Array(values.buffer),
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        name: 'wide',
        node: [
          makeNode('Conv', ['input', 'weight'], 'conv', [
            integersAttribute('kernel_shape', [16, 16]),
            integersAttribute('strides', [16, 16]),
          ]),
          makeNode('Relu', ['conv'], 'layer'),
        ],
        initializer: [weight],
        input: [valueInfo('input', FLOAT, ['batch', 3, 224, 224])],
        output: [valueInfo('layer', FLOAT, ['batch', units, 14, 14])],
      },
    }),
  );
}
