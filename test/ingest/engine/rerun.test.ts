import { clone } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { expect, it, onTestFinished } from 'vitest';
import type { Network } from '../../../ingest/engine/engine.ts';
import { integerAttribute } from '../../../ingest/engine/graph/build.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { readModel } from '../../../ingest/engine/onnx/model.ts';
import { ALEXNET_FC } from '../places.ts';
import { deviation, noise } from './pixels.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();
const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

async function rerun(network: Network, layer: string, pixels: Uint8Array) {
  const tail = await network.rerun(network.layer(layer), normalisation);
  if (!tail) throw new Error('no scores');
  onTestFinished(() => tail.close());
  return { ...(await tail.run(pixels)), classes: tail.classes };
}

/** The scores of the whole network, as `start` runs it. */
async function scores(network: Network, output: string, pixels: Uint8Array): Promise<Float32Array> {
  const runner = await network.start([network.layer(output)], { normalisation });
  const [found] = await runner.run(pixels.slice(), 1);
  await runner.close();
  return found;
}

/** The same network, its convolution's unit with no weights and no bias: behind a ReLU it is 0 everywhere. */
function without(model: ModelProto, names: readonly string[], unit: number): ModelProto {
  const changed = clone(ModelProtoSchema, model);
  for (const tensor of changed.graph?.initializer ?? []) {
    if (!names.includes(tensor.name)) continue;
    const each = (tensor.rawData.length || tensor.floatData.length) / Number(tensor.dims[0]);
    if (tensor.rawData.length > 0) tensor.rawData = Uint8Array.from(tensor.rawData).fill(0, unit * each, (unit + 1) * each);
    else tensor.floatData = [...tensor.floatData].fill(0, unit * each, (unit + 1) * each);
  }
  return changed;
}

it('gives the scores that the network gives with the unit’s weights cut out', async () => {
  const pixels = noise(112 * 112 * 3);
  const network = await openOnnx(ALEXNET_FC);
  const { before, after } = await rerun(network, 'conv5', pixels);
  expect(deviation(before, await scores(network, 'logits', pixels))).toBeLessThan(1e-5);
  const { proto } = await readModel(ALEXNET_FC);
  const conv5 = proto.graph?.node.find(({ output }) => output[0] === network.layer('conv5').tensor);
  const conv = proto.graph?.node.find(({ output }) => output[0] === conv5?.input[0]);
  for (const unit of [0, 64, 127]) {
    const cut = await openOnnx(write(without(proto, conv?.input.slice(1) ?? [], unit)));
    expect(deviation(after.subarray(unit * 16, (unit + 1) * 16), await scores(cut, 'logits', pixels))).toBeLessThan(1e-5);
  }
});

/** Beside the layer, which the head sees added to it, another branch leads past it. */
function branched(flatten: (s: Sketch, pooled: string) => string): ModelProto {
  const s = sketch({ height: 8, width: 8 });
  s.relu(s.conv('input', 'sums', { kernel: 3, pad: 1, from: 3, units: 4 }), 'layer');
  s.conv('input', 'past', { kernel: 1, from: 3, units: 4 });
  s.node('Add', ['layer', 'past'], 'joined');
  const flat = flatten(s, s.node('GlobalAveragePool', ['joined'], 'pooled'));
  const values = [1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12];
  s.node('Gemm', [flat, s.weights('w', [3, 4], values), s.weights('b', [3], [1, 2, 3])], 'scores', [integerAttribute('transB', 1)]);
  return s.model(s.node('Softmax', ['scores'], 'out'));
}

it.each<[string, (s: Sketch, pooled: string) => string]>([
  ['many copies at once', (s, pooled) => s.node('Flatten', [pooled], 'flat')],
  [
    'one copy at a time, where a shape was read before the layer',
    (s, pooled) => {
      s.node('Gather', [s.node('Shape', ['past'], 'shape'), s.integers('first', [0])], 'batch');
      return s.node(
        'Reshape',
        [pooled, s.node('Concat', ['batch', s.integers('rest', [4])], 'target', [integerAttribute('axis', 0)])],
        'flat',
      );
    },
  ],
])('hands on what goes past the layer: %s', async (_how, flatten) => {
  const model = branched(flatten);
  const pixels = noise(8 * 8 * 3);
  const network = await openOnnx(write(model));
  const { before, after, classes } = await rerun(network, 'layer', pixels);
  expect(classes).toBe(3);
  expect(deviation(before, await scores(network, 'scores', pixels))).toBeLessThan(1e-5);
  for (let unit = 0; unit < 4; unit++) {
    const cut = await openOnnx(write(without(model, ['sums.weight'], unit)));
    expect(deviation(after.subarray(unit * 3, (unit + 1) * 3), await scores(cut, 'scores', pixels))).toBeLessThan(1e-5);
  }
});

it('refuses a network that insists on several images at once', async () => {
  const s = sketch({ shape: [2, 3, 8, 8] });
  s.relu(s.conv('input', 'sums', { kernel: 3, pad: 1, from: 3, units: 4 }), 'layer');
  s.node('GlobalAveragePool', ['layer'], 'pooled');
  s.node('Reshape', ['pooled', s.integers('baked', [2, 4])], 'scores');
  const network = await openOnnx(write(s.model('scores')));
  await expect(network.rerun(network.layer('layer'), normalisation)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('2 images'),
  });
});

it('says that there is nothing to be run behind the scores themselves', async () => {
  const network = await openOnnx(ALEXNET_FC);
  expect(await network.rerun(network.layer('logits'), normalisation)).toBeNull();
});
