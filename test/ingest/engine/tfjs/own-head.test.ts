import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTfjs } from '../../../../ingest/engine/tfjs/engine.ts';
import { writeTfjsModel } from './write-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-tfjs-head-'));
beforeAll(() => tf.enableProdMode()); // or it advertises tfjs-node
afterAll(() => rmSync(folder, { recursive: true }));

/** Three units of 8 x 8, pooled, then what is drawn. */
async function write(name: string, draw: (pooled: tf.SymbolicTensor) => tf.SymbolicTensor): Promise<string> {
  const inputs = tf.input({ shape: [8, 8, 3], name: 'input' });
  const layer = tf.layers.conv2d({ name: 'layer', filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(inputs);
  const pooled = tf.layers.globalAveragePooling2d({ name: 'pooled' }).apply(layer as tf.SymbolicTensor);
  let file = '';
  await tf.model({ inputs, outputs: draw(pooled as tf.SymbolicTensor) }).save(
    tf.io.withSaveHandler(async (artifacts) => {
      file = writeTfjsModel(path.join(folder, name), artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return file;
}

/** By unit: two classes. */
const KERNEL = [1, 4, 2, 5, 3, 6];
const dense = (name: string, activation: 'softmax' | 'relu') =>
  tf.layers.dense({ name, units: 2, activation, weights: [tf.tensor2d(KERNEL, [3, 2]), tf.tensor1d([7, 8])] });

it.each(['softmax', 'linear'] as const)(
  'reads the head of a layers model that ends in pooling and a dense layer (%s)',
  async (activation) => {
    const file = await write(
      activation,
      (pooled) => dense('scores', 'softmax').apply(tf.layers.dropout({ rate: 0.5 }).apply(pooled)) as tf.SymbolicTensor,
    );
    const head = await (await openTfjs(file)).ownHead();
    expect(head?.layer.name).toBe('layer');
    expect([...(head?.weights ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(head?.biases ?? [])]).toEqual([7, 8]);
  },
);

it('finds none behind a hidden layer', async () => {
  const last = tf.layers.dense({ name: 'scores', units: 2 });
  const file = await write('hidden', (pooled) => last.apply(dense('hidden', 'relu').apply(pooled)) as tf.SymbolicTensor);
  expect(await (await openTfjs(file)).ownHead()).toBeNull();
});
