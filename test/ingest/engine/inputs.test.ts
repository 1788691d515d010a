import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import type { Network, Normalisation, OpenOptions } from '../../../ingest/engine/engine.ts';
import { integerAttribute, integersAttribute, valueInfo } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { openNetwork } from '../../../ingest/engine/open.ts';
import { deviation, noise } from './pixels.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';
import { writeTfjsModel } from './tfjs/write-model.ts';

const { FLOAT, FLOAT16, UINT8, INT8, INT32, INT64 } = TensorProto_DataType;
const write = temporaryModels();
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));
tf.enableProdMode(); // or it advertises tfjs-node

const SIZE = 32;
const COUNT = 2;
const PLANE = SIZE * SIZE;
const pixels = noise(COUNT * PLANE * 3);

/** Plane by plane, image after image. */
const planes = (channels: number, value: (image: number, channel: number, place: number) => number) =>
  Array.from({ length: COUNT * channels * PLANE }, (_, i) =>
    value(Math.floor(i / PLANE / channels), Math.floor(i / PLANE) % channels, i % PLANE),
  );
const byte = (image: number, channel: number, place: number) => pixels[3 * (image * PLANE + place) + channel];
/** As Pillow's source has it: `(R * 19595 + G * 38470 + B * 7471 + 0x8000) >> 16`. */
const grey = (image: number, _: number, place: number) =>
  (byte(image, 0, place) * 19595 + byte(image, 1, place) * 38470 + byte(image, 2, place) * 7471 + 0x8000) >> 16;

async function activations(network: Network, tensor: string, normalisation: Normalisation = network.usualNormalisation) {
  const runner = await network.start([network.layer(tensor)], { normalisation, threads: 1, targets: ['tfjs-wasm', 'onnx-cpu'] });
  const [values] = await runner.run(pixels.slice(), COUNT);
  await runner.close();
  return values;
}

/** What the graph itself gives when it is fed these values. */
async function fedByHand(net: Sketch, tensor: string, input: Tensor): Promise<Float32Array> {
  const session = await InferenceSession.create(write(net.model(tensor)), { logSeverityLevel: 4 });
  const results = await session.run({ input });
  await session.release();
  return Float32Array.from(results[tensor].data as Float32Array);
}

const open = (net: Sketch, tensor: string, options: OpenOptions = {}) => openOnnx(write(net.model(tensor)), options);

describe('a network that takes grey images', () => {
  const NORMALISATION = { mean: [0.5], std: [0.25] };
  const values = planes(1, (...at) => (grey(...at) / 255 - 0.5) / 0.25);

  it.each([
    ['in front', [1, SIZE, SIZE]],
    ['behind', [SIZE, SIZE, 1]],
  ])('is fed them as Pillow makes them of colours, the channel %s', async (_, [first, ...rest]) => {
    const net = sketch({ shape: ['batch', first, ...rest] });
    const images = first === 1 ? 'input' : net.node('Transpose', ['input'], 'planes', [integersAttribute('perm', [0, 3, 1, 2])]);
    net.conv(images, 'y', { kernel: 3, units: 2, from: 1 });
    const network = await open(net, 'y');
    expect(network.channels).toBe('GREY');
    const expected = await fedByHand(net, 'y', new Tensor('float32', Float32Array.from(values), [COUNT, first, ...rest]));
    expect(deviation(await activations(network, 'y', NORMALISATION), expected)).toBeLessThan(1e-6);
  });

  it('is normalised by pixel / 255 where nobody says otherwise', async () => {
    const net = sketch({ shape: ['batch', 1, SIZE, SIZE] });
    net.node('Identity', ['input'], 'y');
    const network = await open(net, 'y');
    expect(network.usualNormalisation).toEqual({ mean: [0], std: [1] });
    expect(
      deviation(
        await activations(network, 'y'),
        planes(1, (...at) => grey(...at) / 255),
      ),
    ).toBeLessThan(1e-7);
  });

  it('may be told by the card where the file leaves its channels open', async () => {
    const net = sketch({ shape: ['batch', 'channels', SIZE, SIZE] });
    net.node('Identity', ['input'], 'y');
    expect((await open(net, 'y')).layer('y').units).toBe(3);
    expect((await open(net, 'y', { channels: 'GREY' })).layer('y').units).toBe(1);
  });

  it.each([
    [1, 'BGR', 'takes 1 channel, but bgr images were asked for'],
    [3, 'GREY', 'takes 3 channels, but grey images were asked for'],
  ] as const)('is not what the card says: %i channels, %s', async (count, channels, message) => {
    const net = sketch({ shape: ['batch', count, SIZE, SIZE] });
    net.node('Identity', ['input'], 'y');
    await expect(open(net, 'y', { channels })).rejects.toMatchObject({ code: 'BAD_MODEL', message: expect.stringContaining(message) });
  });
});

describe('a network that takes BGR', () => {
  it.each([
    ['NCHW', [3, SIZE, SIZE]],
    ['NHWC', [SIZE, SIZE, 3]],
  ])('is fed blue first, and normalised in that order: %s', async (_, [first, ...rest]) => {
    const net = sketch({ shape: ['batch', first, ...rest] });
    const images = first === 3 ? 'input' : net.node('Transpose', ['input'], 'planes', [integersAttribute('perm', [0, 3, 1, 2])]);
    net.node('Identity', [images], 'y');
    // Caffe's: of pixels 0 to 255, blue first
    const mean = [103.939, 116.779, 123.68].map((value) => value / 255);
    const network = await open(net, 'y', { channels: 'BGR' });
    const expected = planes(3, (image, channel, place) => byte(image, 2 - channel, place) - mean[channel] * 255);
    expect(deviation(await activations(network, 'y', { mean, std: [1 / 255] }), expected)).toBeLessThan(1e-6);
    expect(network.usualNormalisation).toEqual({ mean: [0.406, 0.456, 0.485], std: [0.225, 0.224, 0.229] });
  });
});

describe('a network that takes integers', () => {
  const TYPES = { uint8: UINT8, int8: INT8, int32: INT32, int64: INT64 } as const;

  it.each([
    ['uint8', (value: number) => value],
    ['int8', (value: number) => value - 128],
    ['int32', (value: number) => value],
    ['int64', (value: number) => value],
  ] as const)('is fed the bytes as they are, %s', async (type, of) => {
    const net = sketch({ elementType: TYPES[type] });
    net.node('Cast', ['input'], 'y', [integerAttribute('to', FLOAT)]);
    const values = await activations(await open(net, 'y'), 'y');
    expect([...values]).toEqual(planes(3, (...at) => of(byte(...at))));
  });

  it('is fed the nearest integers within their range where they are normalised', async () => {
    const net = sketch({ elementType: INT8, opset: 9 });
    net.node('Cast', ['input'], 'y', [integerAttribute('to', FLOAT)]);
    const values = await activations(await open(net, 'y'), 'y', { mean: [0.2], std: [1 / 200] });
    const exact = planes(3, (...at) => Math.min(127, Math.max(-128, (byte(...at) / 255 - 0.2) * 200)));
    expect([...values].every((value, i) => Number.isInteger(value) && Math.abs(value - exact[i]) <= 0.5 + 1e-4)).toBe(true);
    expect(Math.max(...values)).toBe(127);
  });

  it('may normalise them itself, and be quantised (QDQ): fed by hand it gives the same', async () => {
    const net = sketch({ shape: ['batch', SIZE, SIZE, 3], elementType: UINT8 });
    net.weights('step', [], [1 / 128]);
    net.weights('white', [], [127.5]);
    net.node('Cast', ['input'], 'floats', [integerAttribute('to', FLOAT)]);
    net.node('Sub', [net.node('Div', ['floats', 'white'], 'scaled'), net.weights('one', [], [1])], 'centred');
    net.node('Transpose', ['centred'], 'planes', [integersAttribute('perm', [0, 3, 1, 2])]);
    net.node('DequantizeLinear', [net.node('QuantizeLinear', ['planes', 'step'], 'q'), 'step'], 'dq');
    net.node(
      'Conv',
      [
        'dq',
        net.weights(
          'w',
          [2, 3, 3, 3],
          Array.from({ length: 54 }, (_, i) => Math.sin(i)),
        ),
      ],
      'sums',
      [],
      '/conv1/Conv',
    );
    net.relu('sums', 'y', '/relu/Relu');
    const network = await open(net, 'y');
    const layer = network.layer('conv1');
    expect(layer).toMatchObject({ tensor: 'y', units: 2, receptiveField: { height: 3, width: 3 }, grid: { offsetY: 1, strideY: 1 } });
    const expected = await fedByHand(net, 'y', new Tensor('uint8', pixels.slice(), [COUNT, SIZE, SIZE, 3]));
    expect(deviation(await activations(network, 'conv1'), expected)).toBeLessThan(1e-6);
  });

  it('takes them where only its weights are half precision', async () => {
    const net = sketch({ elementType: UINT8 });
    net.node('Cast', ['input'], 'half', [integerAttribute('to', FLOAT16)]);
    net.node('Conv', ['half', net.weights('w', [1, 3, 1, 1], [0.5, 0.25, 0.125], FLOAT16)], 'y');
    const expected = planes(1, (image, _, place) => [0.5, 0.25, 0.125].reduce((sum, w, c) => sum + w * byte(image, c, place), 0));
    expect(deviation(await activations(await open(net, 'y'), 'y'), expected)).toBeLessThan(2e-3);
  });
});

describe('the same in TensorFlow.js', () => {
  async function layersModel(shape: number[], dtype: 'float32' | 'int32' = 'float32'): Promise<string> {
    const inputs = tf.input({ shape, dtype });
    // A cast of its own: layers compute in floats
    const kernel = { filters: 2, kernelSize: 3, kernelInitializer: 'ones', name: 'sums' } as const;
    const outputs = tf.layers.conv2d(kernel).apply(tf.layers.rescaling({ scale: 1, name: 'floats' }).apply(inputs)) as tf.SymbolicTensor;
    let file = '';
    await tf.model({ inputs, outputs }).save(
      tf.io.withSaveHandler(async (artifacts) => {
        file = writeTfjsModel(mkdtempSync(path.join(folder, 'layers-')), artifacts);
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    return file;
  }

  it('grey: what the ONNX engine gives', async () => {
    const net = sketch({ shape: ['batch', 1, SIZE, SIZE] });
    net.node('Identity', ['input'], 'y');
    const NORMALISATION = { mean: [0.25], std: [0.5] };
    const onnx = await activations(await open(net, 'y'), 'y', NORMALISATION);
    const network = await openNetwork(await layersModel([SIZE, SIZE, 1]));
    expect(network.channels).toBe('GREY');
    expect([...(await activations(network, 'floats', NORMALISATION))]).toEqual([...onnx]);
  });

  it('BGR: blue first', async () => {
    const network = await openNetwork(await layersModel([SIZE, SIZE, 3]), { channels: 'BGR' });
    const values = await activations(network, 'floats', { mean: [0], std: [1] });
    expect(
      deviation(
        values,
        planes(3, (image, channel, place) => byte(image, 2 - channel, place) / 255),
      ),
    ).toBeLessThan(1e-6);
  });

  it('integers: the bytes as they are', async () => {
    const network = await openNetwork(await layersModel([SIZE, SIZE, 3], 'int32'));
    expect([...(await activations(network, 'floats'))]).toEqual(planes(3, byte));
  });
});

describe('inputs beside the image', () => {
  /** Twice the convolution where it is told to train. */
  function training(): Sketch {
    const net = sketch({ height: 8, width: 8 });
    net.conv('input', 'conv', { kernel: 1 });
    net.node('Cast', ['is_training'], 'one', [integerAttribute('to', TensorProto_DataType.FLOAT)]);
    net.relu(net.node('Mul', ['conv', net.node('Add', ['one', net.weights('w', [], [1])], 'factor')], 'scaled'), 'y');
    return net;
  }
  const withInput = (net: Sketch, type: TensorProto_DataType, shape: number[]) => {
    const model = net.model('y');
    model.graph?.input.push(valueInfo('is_training', type, shape));
    return write(model);
  };
  const run = async (file: string, inputs: Record<string, boolean | number | number[]>) => {
    const network = await openNetwork(file, { inputs });
    const runner = await network.start([network.layer('y')], { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } });
    const [y] = await runner.run(noise(8 * 8 * 3), 1);
    await runner.close();
    return y;
  };

  it.each([
    ['a flag', TensorProto_DataType.BOOL, [], false, true],
    ['a number', TensorProto_DataType.FLOAT, [1], 0, 1],
    ['a list', TensorProto_DataType.INT64, [1], [0], [1]],
  ])('are what the card says: %s', async (_, type, shape, off, on) => {
    const file = withInput(training(), type, shape);
    const [plain, twice] = [await run(file, { is_training: off }), await run(file, { is_training: on })];
    expect(Array.from(twice)).toEqual(Array.from(plain, (value) => 2 * value));
    expect(plain.some((value) => value > 0)).toBe(true);
  });

  it('are an error where the card names one that is not there, or gives it other values', async () => {
    const file = withInput(training(), TensorProto_DataType.BOOL, []);
    const error = (message: RegExp) => ({ code: 'BAD_CARD', message: expect.stringMatching(message) });
    await expect(openNetwork(file, { inputs: { training: false } })).rejects.toMatchObject(
      error(/does not have. Its inputs: input, is_training/),
    );
    await expect(openNetwork(file, { inputs: { is_training: [1, 0] } })).rejects.toMatchObject(error(/takes 1 value of BOOL/));
  });

  it('on which everything depends are named', async () => {
    const net = sketch({ height: 8, width: 8 });
    net.node('Where', ['is_training', 'input', 'input'], 'chosen');
    net.conv('chosen', 'y', { kernel: 1, from: 3 });
    const file = withInput(net, TensorProto_DataType.BOOL, [1]);
    await expect(openNetwork(file)).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/depends on the input is_training besides the image.*"inputs": {"is_training": false}/),
    });
    expect((await openNetwork(file, { inputs: { is_training: false } })).layer('y').units).toBe(1);
  });
});
