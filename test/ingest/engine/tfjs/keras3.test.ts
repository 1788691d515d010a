import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTfjs } from '../../../../ingest/engine/tfjs/engine.ts';
import { asKeras2 } from '../../../../ingest/engine/tfjs/keras3.ts';
import { deviation, noise } from '../pixels.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-keras3-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SHAPE = [null, 16, 16, 3];
const POLICY = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };
const initializer = (name: string) => ({ module: 'keras.initializers', class_name: name, config: {}, registered_name: null });
const convolution = (name: string, dtype: unknown) => ({
  class_name: 'Conv2D',
  config: {
    ...{ name, dtype, filters: 4, kernel_size: [3, 3], strides: [1, 1], padding: 'same', activation: 'linear', use_bias: true },
    ...(dtype === POLICY && { kernel_initializer: initializer('GlorotUniform'), bias_initializer: initializer('Zeros') }),
  },
});
const depthwise = (dtype: unknown) => ({
  class_name: 'DepthwiseConv2D',
  config: { name: 'depth', dtype, kernel_size: [3, 3], padding: 'same', use_bias: false },
});
const weights = (prefix: string, depth: string) => [
  { name: `${prefix}conv/kernel`, shape: [3, 3, 3, 4], dtype: 'float32' },
  { name: `${prefix}conv/bias`, shape: [4], dtype: 'float32' },
  { name: `${prefix}depth/${depth}`, shape: [3, 3, 4, 1], dtype: 'float32' },
];

let count = 0;
function write(keras_version: string, model_config: unknown, manifest: unknown): string {
  const home = path.join(folder, String(count++));
  mkdirSync(home);
  const weightsManifest = [{ paths: ['weights.bin'], weights: manifest }];
  const file = path.join(home, 'model.json');
  writeFileSync(file, JSON.stringify({ format: 'layers-model', modelTopology: { keras_version, model_config }, weightsManifest }));
  const values = Float32Array.from({ length: 108 + 4 + 36 }, (_, i) => Math.sin(i));
  writeFileSync(path.join(home, 'weights.bin'), new Uint8Array(values.buffer));
  return file;
}

const input = (key: string) => ({ class_name: 'InputLayer', config: { [key]: SHAPE, dtype: 'float32', name: 'in' } });
const sequential = (layers: unknown[]) => ({ class_name: 'Sequential', config: { name: 'net', layers } });

/** As Keras 2 writes it. */
const keras2 = () =>
  write(
    '2.11.0',
    sequential([input('batch_input_shape'), convolution('conv', 'float32'), depthwise('float32')]),
    weights('', 'depthwise_kernel'),
  );
const keras3 = () =>
  write('3.4.1', sequential([input('batch_shape'), convolution('conv', POLICY), depthwise(POLICY)]), weights('net/', 'kernel'));

const called = (layer: string) => ({
  args: [{ class_name: '__keras_tensor__', config: { shape: SHAPE, dtype: 'float32', keras_history: [layer, 0, 0] } }],
  kwargs: { mask: null },
});
function functional(): string {
  const layers = [
    { ...input('batch_shape'), name: 'in', inbound_nodes: [] },
    { ...convolution('conv', POLICY), name: 'conv', inbound_nodes: [called('in')] },
    { ...depthwise(POLICY), name: 'depth', inbound_nodes: [called('conv')] },
  ];
  const config = { name: 'net', layers, input_layers: ['in', 0, 0], output_layers: ['depth', 0, 0] };
  return write('3.4.1', { class_name: 'Functional', config }, weights('', 'kernel'));
}

async function run(file: string): Promise<Float32Array> {
  const network = await openTfjs(file);
  const runner = await network.start([network.layer('depth')], {
    normalisation: { mean: [0], std: [1] },
    targets: ['tfjs-wasm'],
    threads: 1,
  });
  const [values] = await runner.run(noise(16 * 16 * 3), 1);
  await runner.close();
  return values;
}

describe('a layers model of Keras 3', () => {
  it.each([
    ['sequential', keras3],
    ['functional', functional],
  ])('%s: gives what the same of Keras 2 gives', async (_, build) => {
    const [expected, found] = [await run(keras2()), await run(build())];
    expect(Math.max(...expected)).toBeGreaterThan(0);
    expect(deviation(found, expected)).toBeLessThan(1e-6);
  });

  it('of several tensors into one layer keeps their order; models of Keras 2 stay as they are', () => {
    const both = { args: [[called('a').args[0], called('b').args[0]]], kwargs: {} };
    const topology = {
      keras_version: '3.0.0',
      model_config: { layers: [{ class_name: 'Add', config: { name: 'sum' }, inbound_nodes: [both] }] },
    };
    const { modelTopology } = asKeras2({ modelTopology: topology, weightSpecs: [] });
    expect(modelTopology).toMatchObject({
      model_config: {
        layers: [
          {
            inbound_nodes: [
              [
                ['a', 0, 0, {}],
                ['b', 0, 0, {}],
              ],
            ],
          },
        ],
      },
    });
    const old = { modelTopology: { ...topology, keras_version: '2.15.0' }, weightSpecs: [] };
    expect(asKeras2(old)).toEqual(old);
  });
});
