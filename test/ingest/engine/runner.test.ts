import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TensorProto_DataType } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Network, Runner } from '../../../ingest/engine/engine.ts';
import { integerAttribute, integersAttribute, valueInfo } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { deviation, noise } from './pixels.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const fixture = join(import.meta.dirname, '../../fixtures/models/scenes-alexnet.onnx');
const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const IMAGE = 112 * 112 * 3;

async function withRunner<T>(network: Network, layers: readonly string[], use: (runner: Runner) => Promise<T>): Promise<T> {
  const runner = await network.start(
    layers.map((name) => network.layer(name)),
    { normalisation, threads: 1 },
  );
  try {
    return await use(runner);
  } finally {
    await runner.close();
  }
}

async function activations(net: Sketch, tensor: string, pixels: Uint8Array, count: number, layers = [tensor]) {
  const network = await openOnnx(write(net.model(tensor)));
  return withRunner(network, layers, (runner) => runner.run(pixels, count));
}

describe('a runner', () => {
  let network: Network;
  beforeAll(async () => {
    network = await openOnnx(fixture);
  });

  it('says what computes, for provenance', () =>
    withRunner(network, ['conv1'], async ({ engine, engineVersion, provider }) => {
      expect([engine, provider]).toEqual(['onnxruntime-node', 'cpu']);
      expect(engineVersion).toMatch(/^\d+\.\d+\.\d+/);
    }));

  it('gives images the same activations one by one as in a batch', () =>
    withRunner(network, ['conv5'], async (runner) => {
      const pixels = noise(3 * IMAGE);
      const [together] = await runner.run(pixels.slice(), 3);
      const alone: number[] = [];
      for (let i = 0; i < 3; i++) alone.push(...(await runner.run(pixels.slice(i * IMAGE, (i + 1) * IMAGE), 1))[0]);
      expect(together).toHaveLength(3 * 128 * 14 * 14);
      expect(deviation(together, alone)).toBeLessThan(1e-6);
    }));

  it('gives several layers at once, in the order asked for, one of them twice', async () => {
    const pixels = noise(2 * IMAGE);
    const separately: Float32Array[] = [];
    for (const name of ['conv5', 'conv1'])
      separately.push((await withRunner(network, [name], (runner) => runner.run(pixels.slice(), 2)))[0]);
    const [conv5, conv1, again] = await withRunner(network, ['conv5', 'conv1', 'conv5'], (runner) => runner.run(pixels, 2));
    expect(deviation(conv5, separately[0])).toBeLessThan(1e-6);
    expect(deviation(conv1, separately[1])).toBeLessThan(1e-6);
    expect(again).toEqual(conv5);
  });

  it('takes over an array that fills its buffer, and leaves a part of a buffer and shared memory alone', () =>
    withRunner(network, ['conv1'], async (runner) => {
      const whole = noise(IMAGE);
      const part = new Uint8Array(2 * IMAGE).subarray(IMAGE);
      part.set(whole);
      const shared = new Uint8Array(new SharedArrayBuffer(IMAGE));
      shared.set(whole);
      const results = [await runner.run(part, 1), await runner.run(shared, 1), await runner.run(whole, 1)];
      expect([part.length, shared.length, whole.length]).toEqual([IMAGE, IMAGE, 0]);
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }));

  it('does not hold up the thread that asks', () =>
    withRunner(network, ['conv5'], async (runner) => {
      let ticks = 0;
      const clock = setInterval(() => ticks++, 1);
      const started = performance.now();
      await runner.run(noise(64 * IMAGE), 64);
      const elapsed = performance.now() - started;
      clearInterval(clock);
      expect(elapsed).toBeGreaterThan(20);
      expect(ticks).toBeGreaterThan(3);
    }));

  it('answers batches in turn when several are asked for at once', () =>
    withRunner(network, ['conv1'], async (runner) => {
      const batches = [1, 2, 3].map((seed) => noise(IMAGE, seed));
      const copies = batches.map((batch) => batch.slice());
      const atOnce = await Promise.all(batches.map((batch) => runner.run(batch, 1)));
      for (const [i, copy] of copies.entries()) expect(await runner.run(copy, 1)).toEqual(atOnce[i]);
    }));

  it('refuses pixels that are not as many images as they are said to be, and goes on', () =>
    withRunner(network, ['conv1'], async (runner) => {
      await expect(runner.run(new Uint8Array(10), 1)).rejects.toThrow('1 images are 37632 bytes, not 10');
      await expect(runner.run(noise(IMAGE), 1)).resolves.toHaveLength(1);
    }));

  it('may be closed twice, and runs no more then', async () => {
    const runner = await network.start([network.layer('conv1')], { normalisation });
    await runner.close();
    await runner.close();
    await expect(runner.run(noise(IMAGE), 1)).rejects.toThrow('the thread has ended');
  });

  it('lets the process end with its own exit code in the middle of a batch', async () => {
    const child = fork(join(import.meta.dirname, 'exit-in-batch.ts'), [fixture], { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([3, null]);
  });
});

describe('a cut graph', () => {
  it('gives what the whole graph gives', async () => {
    const net = sketch();
    net.relu(net.conv('input', 'a', { kernel: 3, units: 2 }), 'conv1');
    net.relu(net.conv('conv1', 'b', { kernel: 3, from: 2 }), 'conv2');
    const network = await openOnnx(write(net.model('conv2')));
    const pixels = noise(32 * 32 * 3);
    const [cut] = await withRunner(network, ['conv1'], (runner) => runner.run(pixels.slice(), 1));
    const [whole] = await withRunner(network, ['conv1', 'conv2'], (runner) => runner.run(pixels, 1));
    expect(deviation(cut, whole)).toBeLessThan(1e-6);
  });
});

describe('a network exported for a fixed batch', () => {
  const fixed = (batch: number, back: (net: Sketch) => string) => {
    const net = sketch({ shape: [batch, 3, 32, 32] });
    net.conv('input', 'conv', { kernel: 3, pad: 1, units: 2 });
    net.node('Reshape', ['conv', net.integers('shape', [-1, 2, 1024])], 'folded');
    net.node('Reshape', ['folded', back(net)], 'y');
    return net;
  };
  const expected = async (pixels: Uint8Array, count: number) => {
    const net = sketch();
    return (await activations(net, net.conv('input', 'conv', { kernel: 3, pad: 1, units: 2 }), pixels, count))[0];
  };

  it.each([1, 2])('of %i takes any number of images where the graph allows it', async (batch) => {
    const pixels = noise(5 * 32 * 32 * 3);
    const reference = await expected(pixels.slice(), 5);
    const [y] = await activations(
      fixed(batch, (net) => net.integers('back', [-1, 2, 32, 32])),
      'y',
      pixels,
      5,
    );
    expect(deviation(y, reference)).toBeLessThan(1e-6);
  });

  it.each([1, 2])('of %i is run in batches of that size where the graph insists on it, the last filled up', async (batch) => {
    const pixels = noise(5 * 32 * 32 * 3);
    const reference = await expected(pixels.slice(), 5);
    const [y] = await activations(
      fixed(batch, (net) => net.integers('back', [batch, 2, 32, 32])),
      'y',
      pixels,
      5,
    );
    expect(deviation(y, reference)).toBeLessThan(1e-6);
  });
});

describe('a network in which images disturb each other', () => {
  /** Less the mean over the batch. */
  function mixing(net: Sketch): string {
    net.node('ReduceMean', ['conv'], 'mean', [integersAttribute('axes', [0])]);
    return net.node('Sub', ['conv', 'mean'], 'y');
  }
  const normalised = (net: Sketch) => {
    for (const [name, value] of Object.entries({ scale: 1, shift: 0, average: 0, variance: 1 })) net.weights(name, [2], [value, value]);
    const training = integerAttribute('training_mode', 1);
    return net.node('BatchNormalization', ['conv', 'scale', 'shift', 'average', 'variance'], 'y', [training]);
  };
  const quantised = (net: Sketch) => {
    const model = net.node('DynamicQuantizeLinear', ['conv'], 'bytes');
    return net.node('DequantizeLinear', [model, 'step', 'zero'], 'y');
  };
  const open = (build: (net: Sketch) => string, shape?: (number | string)[]) => {
    const net = sketch(shape && { shape });
    net.conv('input', 'conv', { kernel: 3, pad: 1, units: 2 });
    const model = net.model(build(net));
    const further: Record<string, string[]> = { DynamicQuantizeLinear: ['step', 'zero'], BatchNormalization: ['newMean', 'newVariance'] };
    for (const node of model.graph?.node ?? []) node.output.push(...(further[node.opType] ?? []));
    return openOnnx(write(model));
  };
  const pixels = () => Uint8Array.from(noise(2 * 32 * 32 * 3), (value, i) => (i < 32 * 32 * 3 ? value : value >> 2));

  it.each([
    ['batch normalisation in training mode', normalised],
    ['a mean over the batch', mixing],
    ['one scale of quantisation for all', quantised],
  ])('%s: numbers do not depend on the batch, and it is said', async (_, build) => {
    const network = await open(build);
    expect(network.notes).toEqual([expect.stringMatching(/images disturb each other within a batch/)]);
    const run = async (pixels: Uint8Array, count: number) => {
      const runner = await network.start([network.layer('y')], { normalisation });
      const [values] = await runner.run(pixels, count);
      await runner.close();
      return values;
    };
    const both = await run(pixels(), 2);
    const alone = await run(pixels().slice(32 * 32 * 3), 1);
    expect(both.slice(both.length / 2)).toEqual(alone);
    // What lies before is not disturbed
    expect(network.layer('conv').units).toBe(2);
  });

  it('is refused where it insists on several images', async () => {
    const baked = (net: Sketch) => net.node('Reshape', [mixing(net), net.integers('baked', [4, 2, 32, 32])], 'z');
    const network = await open(baked, [4, 3, 32, 32]);
    expect(() => network.layer('y')).toThrow(/mixes the 4 images that the network insists on/);
    expect(network.layer('conv').units).toBe(2);
  });

  it('runs image by image where shapes of one image are baked in, and says so', async () => {
    const baked = (net: Sketch) => net.relu(net.node('Reshape', ['conv', net.integers('baked', [1, 2, 32, 32])], 'z'), 'y');
    const network = await open(baked);
    expect(network.notes).toEqual([expect.stringMatching(/shapes for one are baked into it.*dynamic_shapes/)]);
    const runner = await network.start([network.layer('y')], { normalisation });
    const [values] = await runner.run(pixels(), 2);
    await runner.close();
    expect(values).toHaveLength(2 * 2 * 32 * 32);
    expect((await open(() => 'conv')).notes).toEqual([]);
  });
});

describe('networks of other makes', () => {
  /** `(pixel / 255 - mean) / std` through a 1x1 convolution with these weights. */
  const weights = [0.5, 0.25, 0.125];
  const byHand = (pixels: Uint8Array) =>
    Array.from({ length: pixels.length / 3 }, (_, i) =>
      weights.reduce((sum, weight, c) => sum + (weight * (pixels[3 * i + c] / 255 - normalisation.mean[c])) / normalisation.std[c], 0),
    );
  const pixels = noise(2 * 32 * 32 * 3);

  it('NHWC input', async () => {
    const net = sketch({ shape: ['batch', 32, 32, 3] });
    net.node('Transpose', ['input'], 'planes', [integersAttribute('perm', [0, 3, 1, 2])]);
    net.node('Conv', ['planes', net.weights('w', [1, 3, 1, 1], weights)], 'y');
    const [y] = await activations(net, 'y', pixels.slice(), 2);
    expect(deviation(y, byHand(pixels))).toBeLessThan(1e-6);
  });

  it('maps with channels last', async () => {
    const net = sketch();
    net.node('Conv', ['input', net.weights('w', [2, 3, 1, 1], [...weights, 0, 0, 1])], 'y');
    net.node('Transpose', ['y'], 'last', [integersAttribute('perm', [0, 2, 3, 1])]);
    const [y, last] = await activations(net, 'last', pixels.slice(), 2, ['y', 'last']);
    expect(last).toEqual(y);
    expect(deviation(y.slice(0, 1024), byHand(pixels).slice(0, 1024))).toBeLessThan(1e-6);
  });

  it.each([
    ['input and weights', TensorProto_DataType.FLOAT16],
    ['weights only', TensorProto_DataType.FLOAT],
  ])('half precision: %s', async (_, elementType) => {
    const net = sketch({ elementType });
    const x = elementType === TensorProto_DataType.FLOAT ? net.node('Cast', ['input'], 'half', [integerAttribute('to', 10)]) : 'input';
    net.node('Conv', [x, net.weights('w', [1, 3, 1, 1], weights, TensorProto_DataType.FLOAT16)], 'y');
    const [y] = await activations(net, 'y', pixels.slice(), 2);
    // Half precision has 11 bits
    expect(deviation(y, byHand(pixels))).toBeLessThan(2e-3);
  });

  it('quantised weights and activations (QDQ)', async () => {
    const net = sketch();
    net.weights('step', [], [1 / 64]);
    net.node('QuantizeLinear', [net.weights('w', [1, 3, 1, 1], weights), 'step'], 'quantised');
    net.node('DequantizeLinear', ['quantised', 'step'], 'dequantised');
    net.node('Conv', ['input', 'dequantised'], 'sums', [], '/conv1/Conv');
    net.node('DequantizeLinear', [net.node('QuantizeLinear', ['sums', 'step'], 'q'), 'step'], 'dq');
    net.relu('dq', 'y', '/relu/Relu');
    const network = await openOnnx(write(net.model('y')));
    expect(network.layer('conv1').tensor).toBe('y');
    const [y] = await withRunner(network, ['conv1'], (runner) => runner.run(pixels.slice(), 2));
    const expected = byHand(pixels).map((value) => Math.min(Math.max(value, 0), 255 / 64));
    // Half a step of 1/64
    expect(Math.max(...expected.map((value, i) => Math.abs(value - y[i])))).toBeLessThanOrEqual(1 / 128 + 1e-6);
  });

  it.each([
    [9, 4],
    [13, 7],
    [22, 10],
  ])('opset %i, IR version %i', async (opset, irVersion) => {
    const net = sketch({ opset, irVersion });
    net.node('Conv', ['input', net.weights('w', [1, 3, 1, 1], weights)], 'y');
    const [y] = await activations(net, 'y', pixels.slice(), 2);
    expect(deviation(y, byHand(pixels))).toBeLessThan(1e-6);
  });

  it('weights listed among the inputs, as before IR version 4', async () => {
    const net = sketch({ opset: 9, irVersion: 3 });
    net.node('Conv', ['input', net.weights('w', [1, 3, 1, 1], weights)], 'y');
    const model = net.model('y');
    model.graph?.input.push(valueInfo('w', TensorProto_DataType.FLOAT, [1, 3, 1, 1]));
    const network = await openOnnx(write(model));
    const [y] = await withRunner(network, ['y'], (runner) => runner.run(pixels.slice(), 2));
    expect(deviation(y, byHand(pixels))).toBeLessThan(1e-6);
  });
});
