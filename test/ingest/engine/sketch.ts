import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from 'onnx-buf';
import { integerAttribute, integersAttribute, makeNode, valueInfo } from '../../../ingest/engine/graph/build.ts';

type Size = number | readonly [number, number];

export interface ConvOptions {
  kernel: Size;
  /** Channels out; 1 unless asked. */
  units?: number;
  /** Channels in; 1 unless asked, 3 on the input. */
  from?: number;
  group?: number;
  stride?: Size;
  dilation?: Size;
  pad?: Size;
  attributes?: AttributeProto[];
  name?: string;
}

export interface SketchOptions {
  height?: number;
  width?: number;
  shape?: readonly (number | string)[];
  elementType?: TensorProto_DataType;
  opset?: number;
  irVersion?: number;
}

/** A network under construction. Each method adds a node that reads tensor `x` and writes tensor `y`, and gives `y`. */
export interface Sketch {
  node(operator: string, inputs: string[], y: string, attributes?: AttributeProto[], name?: string): string;
  conv(x: string, y: string, options: ConvOptions): string;
  pool(operator: 'MaxPool' | 'AveragePool', x: string, y: string, options: ConvOptions): string;
  relu(x: string, y: string, name?: string): string;
  weights(name: string, dims: readonly number[], values: readonly number[], type?: TensorProto_DataType): string;
  integers(name: string, values: readonly number[]): string;
  model(...outputs: string[]): ModelProto;
}

export function sketch({
  height = 32,
  width = 32,
  shape,
  elementType = TensorProto_DataType.FLOAT,
  opset = 17,
  irVersion = 8,
}: SketchOptions = {}): Sketch {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  let seed = 1;
  /** Positive, so that nothing cancels out and every pixel in the receptive field shows. */
  const positive = () => {
    seed = (seed * 48271) % 2147483647;
    return 0.25 + seed / 2147483647;
  };
  const self: Sketch = {
    node(operator, inputs, y, attributes = [], name = y) {
      nodes.push({ ...makeNode(operator, inputs, y, attributes), name });
      return y;
    },
    conv(x, y, { units = 1, from = x === 'input' ? 3 : 1, group = 1, name, ...options }) {
      const kernel = pair(options.kernel);
      const dims = [units, from / group, ...kernel];
      const count = dims.reduce((a, b) => a * b);
      self.weights(
        `${y}.weight`,
        dims,
        Array.from({ length: count }, () => (positive() * units) / count),
        elementType,
      );
      return self.node('Conv', [x, `${y}.weight`], y, [integerAttribute('group', group), ...windowAttributes(options)], name);
    },
    pool(operator, x, y, { name, ...options }) {
      return self.node(operator, [x], y, windowAttributes(options), name);
    },
    relu(x, y, name) {
      return self.node('Relu', [x], y, [], name);
    },
    weights(name, dims, values, type = TensorProto_DataType.FLOAT) {
      const data = type === TensorProto_DataType.FLOAT16 ? { int32Data: values.map(halfBits) } : { floatData: [...values] };
      initializers.push(create(TensorProtoSchema, { name, dataType: type, dims: dims.map(BigInt), ...data }));
      return name;
    },
    integers(name, values) {
      initializers.push(
        create(TensorProtoSchema, {
          name,
          dataType: TensorProto_DataType.INT64,
          dims: [BigInt(values.length)],
          int64Data: values.map(BigInt),
        }),
      );
      return name;
    },
    model(...outputs) {
      const input = valueInfo('input', elementType, shape ?? ['batch', 3, height, width]);
      return create(ModelProtoSchema, {
        irVersion: BigInt(irVersion),
        opsetImport: [{ domain: '', version: BigInt(opset) }],
        graph: { name: 'sketch', input: [input], node: nodes, initializer: initializers, output: outputs.map((name) => ({ name })) },
      });
    },
  };
  return self;
}

function windowAttributes({ kernel, stride = 1, dilation = 1, pad = 0, attributes = [] }: ConvOptions): AttributeProto[] {
  const given = new Set(attributes.map(({ name }) => name));
  const pads = integersAttribute('pads', [...pair(pad), ...pair(pad)]);
  // Before opset 19 AveragePool knew no dilation.
  const dilations = dilation === 1 ? [] : [integersAttribute('dilations', pair(dilation))];
  const all = [integersAttribute('kernel_shape', pair(kernel)), integersAttribute('strides', pair(stride)), ...dilations, ...attributes];
  return given.has('auto_pad') || given.has('pads') ? all : [...all, pads];
}

function pair(size: Size): readonly [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

/** IEEE half precision of a positive number that it can hold, mantissa cut off. */
function halfBits(value: number): number {
  const bits = new Uint32Array(new Float32Array([value]).buffer)[0];
  return ((((bits >>> 23) & 0xff) - 112) << 10) | ((bits >>> 13) & 0x3ff);
}
