import type { GraphNode } from '../../../../ingest/engine/tfjs/graph-def.ts';
import type { Weights } from './chain.ts';
import { writeTfjsModel } from './write-model.ts';

type Attributes = GraphNode['attr'];

/** A graph model under construction. Each method gives the name of the node that it adds. */
export interface GraphSketch {
  node(op: string, name: string, inputs: readonly string[], attr?: Attributes): string;
  weights(name: string, weights: Weights): string;
  integers(name: string, values: readonly number[], shape?: readonly number[]): string;
  write(folder: string, outputs: readonly string[]): string;
}

export const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
export const texts = (...values: string[]) => ({ list: { s: values.map((value) => text(value).s) } });
export const list = (...values: number[]) => ({ list: { i: values.map(String) } });

/** What the window operators share. */
export function windowAttributes(stride: number, padding: 'SAME' | 'VALID', more: Attributes = {}): Attributes {
  return {
    strides: list(1, stride, stride, 1),
    padding: text(padding),
    data_format: text('NHWC'),
    dilations: list(1, 1, 1, 1),
    T: { type: 'DT_FLOAT' },
    ...more,
  };
}

/** `shape` of the images, the batch first; -1 where any number will do. */
export function graphSketch(shape: readonly number[], type = 'DT_FLOAT'): GraphSketch {
  const dim = shape.map((size) => ({ size: String(size) }));
  const nodes: GraphNode[] = [{ name: 'input', op: 'Placeholder', input: [], attr: { shape: { shape: { dim } }, dtype: { type } } }];
  const specs: { name: string; shape: number[]; dtype: 'float32' | 'int32' }[] = [];
  const data: Buffer[] = [];
  const constant = (name: string, shape: readonly number[], values: Float32Array | Int32Array) => {
    const isFloat = values instanceof Float32Array;
    nodes.push({ name, op: 'Const', input: [], attr: { dtype: { type: isFloat ? 'DT_FLOAT' : 'DT_INT32' } } });
    specs.push({ name, shape: [...shape], dtype: isFloat ? 'float32' : 'int32' });
    data.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return name;
  };
  return {
    node(op, name, inputs, attr = {}) {
      nodes.push({ name, op, input: [...inputs], attr });
      return name;
    },
    weights: (name, { shape, values }) => constant(name, shape, values),
    integers: (name, values, shape = [values.length]) => constant(name, shape, Int32Array.from(values)),
    write(folder, outputs) {
      const whole = Buffer.concat(data);
      return writeTfjsModel(folder, {
        format: 'graph-model',
        modelTopology: { node: nodes, versions: {} },
        signature: { outputs: Object.fromEntries(outputs.map((name) => [name, { name: `${name}:0` }])) },
        weightSpecs: specs,
        weightData: new Uint8Array(whole).buffer,
      });
    },
  };
}
