import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openOnnx } from '../../ingest/engine/onnx/engine.ts';
import { sharedPath } from '../shared.ts';

interface Classifier {
  weight: number[][];
  bias: number[];
}

const models = sharedPath('zoo', 'models');
const architectures = [
  'scenes-alexnet',
  'objects-alexnet',
  'scenes-alexnet-batchnorm',
  'scenes-resnet',
  'scenes-vgg',
  'scenes-googlenet',
  'scenes-densenet',
];

it.runIf(models)('reads from the graph the very weights that the framework had', { timeout: 120_000 }, async () => {
  const folder = models as string;
  for (const name of architectures) {
    const reference: Classifier = JSON.parse(readFileSync(path.join(folder, 'classifiers', `${name}.json`), 'utf8'));
    const head = await (await openOnnx(path.join(folder, `${name}.onnx`))).ownHead();
    expect(head?.classes, name).toBe(reference.bias.length);
    expect(head?.layer.listed, name).toBe(true);
    expect(head?.weights, name).toEqual(Float32Array.from(reference.weight.flat()));
    expect(head?.biases, name).toEqual(Float32Array.from(reference.bias));
  }
});

it.runIf(models)('finds none where a network ends in several layers, in a convolution or in none at all', async () => {
  const folder = models as string;
  for (const name of ['scenes-alexnet-fc', 'colorization-alexnet', 'jigsaw-alexnet']) {
    expect(await (await openOnnx(path.join(folder, `${name}.onnx`))).ownHead(), name).toBeNull();
  }
  expect(readdirSync(path.join(folder, 'classifiers'))).not.toContain('scenes-alexnet-fc.json');
});
