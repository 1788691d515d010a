import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../../../core/targets.ts';
import { openOnnx } from '../../../../ingest/engine/onnx/engine.ts';
import { openTfjs, type TfjsNetworkOnDisk } from '../../../../ingest/engine/tfjs/engine.ts';
import { ALEXNET_FC } from '../../places.ts';
import { deviation, noise } from '../pixels.ts';
import { writeGraphModel } from './as-graph.ts';
import { writeLayersModel } from './as-layers.ts';
import { readChain } from './chain.ts';
import { graphSketch, windowAttributes } from './graph-sketch.ts';

const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const IMAGE = 112 * 112 * 3;
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-tfjs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let layers: TfjsNetworkOnDisk;
let graph: TfjsNetworkOnDisk;

beforeAll(async () => {
  const chain = await readChain(ALEXNET_FC);
  layers = await openTfjs(await writeLayersModel(path.join(folder, 'layers'), chain, 112));
  graph = await openTfjs(writeGraphModel(path.join(folder, 'graph'), chain, 112));
});

describe.each([
  ['layers', () => layers],
  ['graph', () => graph],
] as const)('a %s model that runs', (_, network) => {
  it('holds no tensor more after hundreds of batches than after the first', async () => {
    const runner = await network().start([network().layer('conv1')], { normalisation: NORMALISATION, targets: ['tfjs-wasm'], threads: 1 });
    await runner.run(noise(IMAGE), 1);
    const [first] = runner.heldTensors();
    expect(first).toBeGreaterThan(0);
    const held = new Set<number>();
    for (let i = 0; i < 300; i++) {
      await runner.run(noise(IMAGE, i + 1), 1);
      held.add(runner.heldTensors()[0]);
    }
    await runner.close();
    expect([...held]).toEqual([first]);
  });

  it('gives what the ONNX engine gives, layers in the order asked for, turned bases too', async () => {
    const onnx = await openOnnx(ALEXNET_FC);
    const rotation = Float32Array.from({ length: 80 * 80 }, (_, i) => Math.sin(i) / 8);
    const readings = (of: typeof onnx) => [of.layer('conv5'), { ...of.layer('conv2'), rotation }, of.layer('conv2')];
    const pixels = noise(3 * IMAGE);
    const through = async (of: typeof onnx) => {
      const runner = await of.start(readings(of), { normalisation: NORMALISATION });
      const outputs = await runner.run(pixels.slice(), 3);
      await runner.close();
      return outputs;
    };
    const [expected, found] = [await through(onnx), await through(network())];
    for (const [i, output] of found.entries()) expect(deviation(output, expected[i])).toBeLessThan(1e-5);
  });

  it('gives the same whether threads share a batch or not', async () => {
    const through = async (threads: number) => {
      const runner = await network().start([network().layer('conv3')], { normalisation: NORMALISATION, targets: ['tfjs-wasm'], threads });
      const outputs = [await runner.run(noise(5 * IMAGE), 5), await runner.run(noise(IMAGE, 7), 1)];
      await runner.close();
      return outputs.map(([output]) => output);
    };
    expect(await through(2)).toEqual(await through(1));
  });

  it('names the backend, the runtime and why not on a better one', async () => {
    const runner = await network().start([network().layer('conv1')], { normalisation: NORMALISATION, threads: 1 });
    await runner.close();
    expect(runner).toMatchObject({ engine: '@tensorflow/tfjs', engineVersion: '4.22.0', provider: 'wasm' });
    expect(runner.passedOver.map((why) => why.split(':')[0])).toEqual(['tfjs-tensorflow-gpu', 'tfjs-tensorflow', 'tfjs-webgpu']);
  });

  it('runs on the cpu backend, and refuses a backend that is not there', async () => {
    const run = (target: Target) =>
      network().start([network().layer('conv1')], { normalisation: NORMALISATION, targets: [target], threads: 1 });
    const runner = await run('tfjs-cpu');
    expect(runner.provider).toBe('cpu');
    await runner.close();
    await expect(run('tfjs-tensorflow')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('it is not installed'),
    });
  });

  it('refuses pixels that are not as many images as they are said to be, and half precision', async () => {
    const runner = await network().start([network().layer('conv1')], { normalisation: NORMALISATION, threads: 1 });
    await expect(runner.run(noise(IMAGE), 2)).rejects.toThrow(RangeError);
    await runner.close();
    const half = network().start([network().layer('conv1')], { normalisation: NORMALISATION, precision: 'fp16' });
    await expect(half).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a graph model for a fixed number of images', () => {
  it('is run in batches of that size, the last filled up', async () => {
    const build = (batch: number) => {
      const net = graphSketch([batch, 8, 8, 3]);
      const kernel = net.weights('kernel', { shape: [3, 3, 3, 2], values: Float32Array.from({ length: 54 }, (_, i) => Math.cos(i)) });
      return net.write(path.join(folder, `batch${batch}`), [net.node('Conv2D', 'conv', ['input', kernel], windowAttributes(1, 'SAME'))]);
    };
    const through = async (file: string) => {
      const network = await openTfjs(file);
      const runner = await network.start([network.layer('conv')], { normalisation: NORMALISATION, threads: 2 });
      const [output] = await runner.run(noise(5 * 8 * 8 * 3), 5);
      await runner.close();
      return output;
    };
    expect(await through(build(2))).toEqual(await through(build(-1)));
  });
});
