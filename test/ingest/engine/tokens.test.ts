import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Network } from '../../../ingest/engine/engine.ts';
import { integerAttribute, integersAttribute } from '../../../ingest/engine/graph/build.ts';
import { openNetwork } from '../../../ingest/engine/open.ts';
import { deviation, noise } from './pixels.ts';
import { sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';
import { writeTfjsModel } from './tfjs/write-model.ts';

const write = temporaryModels();
const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-tokens-'));
afterAll(() => rmSync(folder, { recursive: true }));
tf.enableProdMode(); // or it advertises tfjs-node

const SIZE = 32;
const UNITS = 6;
/** Patches of 8 by 8 pixels, behind one class token. */
const TOKENS = { height: 4, width: 4, skip: 1 };
const GRID = { height: 4, width: 4, offsetY: 3.5, offsetX: 3.5, strideY: 8, strideX: 8 };

/**
 * A vision transformer's shape: patches embedded, a class token in front, positions, a block with a residual
 * connection, a head.
 */
function transformer() {
  const net = sketch({ height: SIZE, width: SIZE });
  const patches = net.conv('input', 'patches', { kernel: 8, stride: 8, units: UNITS, name: '/embed/Conv' });
  const flat = net.node('Reshape', [patches, net.integers('sequence', [0, UNITS, 16])], 'flat');
  const sequence = net.node('Transpose', [flat], 'sequence_first', [integersAttribute('perm', [0, 2, 1])]);
  const token = net.weights('class', [1, 1, UNITS], new Array(UNITS).fill(0.5));
  const all = net.node('Concat', [token, sequence], 'all', [integerAttribute('axis', 1)]);
  const positions = net.weights(
    'positions',
    [1, 17, UNITS],
    Array.from({ length: 17 * UNITS }, (_, i) => Math.sin(i)),
  );
  const placed = net.node('Add', [all, positions], 'placed');
  const kernel = net.weights(
    'kernel',
    [UNITS, UNITS],
    Array.from({ length: UNITS * UNITS }, (_, i) => Math.cos(i)),
  );
  const inner = net.node('Relu', [net.node('MatMul', [placed, kernel], 'product', [], '/blocks.0/mlp/MatMul')], 'inner');
  const block = net.node('Add', [placed, inner], 'block', [], '/blocks.0/Add');
  const first = net.node('Gather', [block, net.integers('zero', [0])], 'first', [integerAttribute('axis', 1)]);
  return net.model(block, net.node('Reshape', [first, net.integers('pair', [0, UNITS])], 'pooled', [], '/head/Reshape'), 'patches');
}

async function activations(network: Network, names: string[], pixels: Uint8Array, count: number) {
  const layers = names.map((name) => network.layer(name));
  const runner = await network.start(layers, { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] }, threads: 1 });
  const outputs = await runner.run(pixels, count);
  await runner.close();
  return outputs;
}

describe('the tokens of a vision transformer', () => {
  it('are laid out as the patch grid that the card names, the class token dropped', async () => {
    const model = transformer();
    // One image: the class token is not repeated over a batch here
    const network = await openNetwork(write(model), { tokens: TOKENS });
    const layer = network.layer('blocks.0');
    expect(layer).toMatchObject({ kind: 'tokens', units: UNITS, grid: GRID, receptiveField: { height: 8, width: 8 }, listed: true });

    const [block, patches] = await activations(network, ['block', 'patches'], noise(SIZE * SIZE * 3), 1);
    const expected = Array.from({ length: UNITS * 16 }, (_, i) => {
      const cell = i % 16;
      const at = (unit: number) => patches[unit * 16 + cell] + Math.fround(Math.sin((cell + 1) * UNITS + unit));
      const unit = Math.floor(i / 16);
      let inner = 0;
      for (let from = 0; from < UNITS; from++) inner += at(from) * Math.fround(Math.cos(from * UNITS + unit));
      return at(unit) + Math.max(0, inner);
    });
    expect(deviation(block, expected)).toBeLessThan(1e-5);
  });

  it('are laid out as the graph itself lays them out where no card names their grid', async () => {
    const network = await openNetwork(write(transformer()));
    expect(network.layer('blocks.0')).toMatchObject({ kind: 'tokens', units: UNITS, grid: GRID });
    const pixels = () => noise(SIZE * SIZE * 3);
    const told = await openNetwork(write(transformer()), { tokens: TOKENS });
    expect(await activations(network, ['block'], pixels(), 1)).toEqual(await activations(told, ['block'], pixels(), 1));
  });

  it('are read from TensorFlow.js models too', async () => {
    const inputs = tf.input({ shape: [SIZE, SIZE, 3] });
    const patches = tf.layers.conv2d({ filters: UNITS, kernelSize: 8, strides: 8, name: 'patches' }).apply(inputs);
    const outputs = tf.layers.reshape({ targetShape: [16, UNITS], name: 'sequence' }).apply(patches as tf.SymbolicTensor);
    let file = '';
    await tf.model({ inputs, outputs: outputs as tf.SymbolicTensor }).save(
      tf.io.withSaveHandler(async (artifacts) => {
        file = writeTfjsModel(folder, artifacts);
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const network = await openNetwork(file, { tokens: { height: 4, width: 4, skip: 0 } });
    expect(network.layer('sequence')).toMatchObject({ kind: 'tokens', units: UNITS, grid: GRID });
    const [sequence, map] = await activations(network, ['sequence', 'patches'], noise(2 * SIZE * SIZE * 3), 2);
    expect(sequence).toEqual(map);
  });
});

describe('one value a unit', () => {
  it('is a map of one cell over the whole image', async () => {
    const network = await openNetwork(write(transformer()), { tokens: TOKENS });
    expect(network.layer('head')).toMatchObject({
      kind: 'vector',
      units: UNITS,
      listed: false,
      grid: { height: 1, width: 1, strideY: SIZE },
    });
    const [pooled] = await activations(network, ['pooled'], noise(SIZE * SIZE * 3), 1);
    expect(pooled).toHaveLength(UNITS);
  });
});
