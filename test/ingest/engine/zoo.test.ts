import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Network, Runner } from '../../../ingest/engine/engine.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { readNpy } from '../../npy.ts';
import { sharedPath } from '../../shared.ts';

const zoo = sharedPath('zoo');

interface ZooModel {
  id: string;
  file: string;
  sha256: string;
  layers: { name: string; units: number; height: number; width: number; stride: number; rf_center_offset: number; rf_size: number }[];
}

describe.skipIf(zoo === null)('the networks of the zoo', () => {
  const root = zoo ?? '';
  const models: ZooModel[] = zoo ? JSON.parse(readFileSync(join(root, 'models.json'), 'utf8')) : [];

  it.each(models)('$id: every layer has the units, grid and receptive field that its makers state', async ({ file, sha256, layers }) => {
    const network = await openOnnx(join(root, file));
    expect(network.sha256).toBe(sha256);
    const found = layers.map(({ name }) => {
      const { units, grid, receptiveField, listed } = network.layer(name);
      return { name: network.layer(name).name, units, grid, receptiveField, listed };
    });
    expect(found).toEqual(
      layers.map(({ name, units, height, width, stride, rf_center_offset: offset, rf_size: size }) => ({
        name,
        units,
        grid: { height, width, offsetY: offset, offsetX: offset, strideY: stride, strideX: stride },
        receptiveField: { height: size, width: size },
        listed: true,
      })),
    );
  });
});

describe.skipIf(zoo === null)('the activations of scenes-alexnet', () => {
  const root = zoo ?? '';
  let network: Network;
  let runner: Runner;
  let pixels: Uint8Array;

  beforeAll(async () => {
    const index = readFileSync(join(root, 'broden-mini', 'index.csv'), 'utf8').split('\r\n');
    const files = index.slice(1, 5).map((line) => join(root, 'broden-mini', 'images', line.split(',')[0]));
    pixels = Buffer.concat(await Promise.all(files.map((file) => sharp(file).removeAlpha().raw().toBuffer())));
    network = await openOnnx(join(root, 'models', 'scenes-alexnet.onnx'));
    runner = await network.start([network.layer('conv5')], {
      normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      threads: 2,
    });
  });

  afterAll(() => runner.close());

  it('are those of the reference, to 1e-5 of the largest', async () => {
    const [conv5] = await runner.run(pixels, 4);
    const reference = readNpy(join(root, 'reference', 'broden-mini', 'sample_scenes-alexnet_conv5_first4.npy'));
    expect(conv5).toHaveLength(reference.length);
    const largest = reference.reduce((a, b) => Math.max(a, b));
    const difference = reference.reduce((worst, value, i) => Math.max(worst, Math.abs(value - conv5[i])), 0);
    expect(difference).toBeLessThan(1e-5 * largest);
  });
});
