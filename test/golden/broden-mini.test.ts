import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'vitest';
import { openDense } from '../../ingest/dataset/open.ts';
import { dissectFile } from '../dissect-file.ts';
import { sharedPath } from '../shared.ts';
import { expectReference } from './reference.ts';

const REFERENCES: Record<string, string[]> = {
  'scenes-alexnet-fc': ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'],
  'scenes-alexnet': ['conv1', 'conv2', 'conv3', 'conv4', 'conv5'],
  'scenes-alexnet-batchnorm': ['conv5'],
  'scenes-alexnet-wide': ['conv5'],
  'objects-alexnet': ['conv5'],
  'scenes-resnet': ['layer4'],
};

const zoo = sharedPath('zoo');

describe.runIf(zoo)('dissections of broden-mini', () => {
  it.each(Object.entries(REFERENCES))(
    'equal the float64 reference: %s, %s',
    async (model, layers) => {
      const root = zoo as string;
      const dense = await openDense(path.join(root, 'broden-mini'));
      const work = await mkdtemp(path.join(tmpdir(), 'dissectory-golden-'));
      try {
        const numbers = await dissectFile(path.join(root, 'models', `${model}.onnx`), dense, layers, [0.005], path.join(work, 'run'));
        for (const one of numbers) expectReference(one, dense, path.join(root, 'reference/broden-mini', `${model}__${one.layer.name}`));
      } finally {
        await rm(work, { recursive: true });
      }
    },
    180_000,
  );
});
