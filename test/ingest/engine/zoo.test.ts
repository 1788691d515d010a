import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
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
