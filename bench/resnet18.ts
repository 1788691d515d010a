import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type NodeProto, type TensorProto, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { integersAttribute, makeNode, valueInfo } from '../ingest/engine/graph/build.ts';

const STAGES = [64, 128, 256, 512];

/**
 * A graph of ResNet-18's shape at 224 x 224 with random weights (batch normalisation folded, as exporters do); its
 * outputs are layer1 to layer4.
 */
export function resnet18(): Uint8Array {
  const nodes: NodeProto[] = [];
  const weights: TensorProto[] = [];
  const conv = (name: string, input: string, channels: [number, number], kernel: number, stride: number, relu: boolean): string => {
    const [from, to] = channels;
    const scale = Math.sqrt((relu ? 2 : 1) / (from * kernel * kernel));
    weights.push(
      tensor(`${name}.weight`, [to, from, kernel, kernel], () => normal() * scale),
      tensor(`${name}.bias`, [to], () => 0.1 * normal()),
    );
    const pad = (kernel - 1) / 2;
    nodes.push(
      makeNode('Conv', [input, `${name}.weight`, `${name}.bias`], name, [
        integersAttribute('kernel_shape', [kernel, kernel]),
        integersAttribute('strides', [stride, stride]),
        integersAttribute('pads', [pad, pad, pad, pad]),
      ]),
    );
    if (!relu) return name;
    nodes.push(makeNode('Relu', [name], `${name}.relu`));
    return `${name}.relu`;
  };
  let last = conv('conv1', 'input', [3, 64], 7, 2, true);
  nodes.push(
    makeNode('MaxPool', [last], 'maxpool', [
      integersAttribute('kernel_shape', [3, 3]),
      integersAttribute('strides', [2, 2]),
      integersAttribute('pads', [1, 1, 1, 1]),
    ]),
  );
  last = 'maxpool';
  let from = 64;
  for (const [stage, to] of STAGES.entries()) {
    for (const block of [0, 1]) {
      const name = `stage${stage + 1}.${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const shortcut = stride === 2 ? conv(`${name}.shortcut`, last, [from, to], 1, 2, false) : last;
      const inner = conv(`${name}.conv1`, last, [from, to], 3, stride, true);
      const outer = conv(`${name}.conv2`, inner, [to, to], 3, 1, false);
      nodes.push(makeNode('Add', [outer, shortcut], `${name}.sum`));
      last = block === 1 ? `layer${stage + 1}` : name;
      nodes.push(makeNode('Relu', [`${name}.sum`], last));
      from = to;
    }
  }
  const { FLOAT } = TensorProto_DataType;
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        name: 'resnet18',
        node: nodes,
        initializer: weights,
        input: [valueInfo('input', FLOAT, ['batch', 3, 224, 224])],
        output: STAGES.map((units, stage) => valueInfo(`layer${stage + 1}`, FLOAT, ['batch', units, 56 >> stage, 56 >> stage])),
      },
    }),
  );
}

function tensor(name: string, shape: number[], value: () => number): TensorProto {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, value);
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.FLOAT,
    dims: shape.map(BigInt),
    rawData: new Uint8Array(values.buffer),
  });
}

let state = 1;

function uniform(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 2 ** 32;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
