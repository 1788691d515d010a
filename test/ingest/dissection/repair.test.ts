import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDense } from '../../../ingest/dataset/open.ts';
import { dissect } from '../../../ingest/dissection/dissect.ts';
import type { LayerInfo, Network, Runner } from '../../../ingest/engine/engine.ts';
import { TINY } from '../places.ts';

const CELLS = 4;
const LAYER: LayerInfo = {
  name: 'layer',
  tensor: 'layer',
  node: null,
  module: null,
  operator: 'Relu',
  aliases: [],
  index: 0,
  units: 2,
  grid: { height: 2, width: 2, offsetY: 28, offsetX: 28, strideY: 56, strideX: 56 },
  kind: 'map',
  receptiveField: null,
  listed: true,
};

/** Unit 0 is 5 on the images that pass first and 1 on the others; unit 1 rises from image to image. */
function treacherous(): Runner & { passed: number } {
  return {
    passed: 0,
    engine: 'none',
    engineVersion: '0',
    provider: 'cpu',
    passedOver: [],
    batchSize: 32,
    async run(_pixels, count) {
      const maps = new Float32Array(count * 2 * CELLS);
      for (let i = 0; i < count; i++, this.passed++) {
        const place = this.passed % 60;
        maps.fill(place < 32 ? 5 : 1, 2 * i * CELLS, (2 * i + 1) * CELLS);
        maps.fill(place, (2 * i + 1) * CELLS, (2 * i + 2) * CELLS);
      }
      return [maps];
    },
    async close() {},
  };
}

it('passes the dataset again for a unit whose sample misled, and counts every unit once', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dissectory-repair-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dense = await openDense(TINY);
  const runner = treacherous();
  const network: Network = {
    format: 'ONNX',
    sha256: '',
    inputHeight: 112,
    inputWidth: 112,
    channels: 'RGB',
    usualNormalisation: { mean: [0], std: [1] },
    layers: [LAYER],
    notes: [],
    rewriteTolerance: null,
    unreadable: [],
    ownHead: async () => null,
    rerun: async () => null,
    layer: () => LAYER,
    start: async () => runner,
  };
  const [
    {
      thresholds,
      parts: { iou: tally },
      top,
    },
  ] = await dissect({
    dense,
    network,
    runner,
    layers: [LAYER],
    taus: [0.005],
    workFolder: path.join(folder, 'work'),
    memory: 0,
    batchSize: 32,
    onProgress: () => {},
  });
  expect(runner.passed).toBe(120);
  expect(Array.from(thresholds.values)).toEqual([5, 59]); // floor(0.005 * 240) = 1 value may be greater
  expect(Array.from(thresholds.silent)).toEqual([0, 0]);
  const colours = dense.categories.indexOf('COLOR'); // every image carries colours, so what is active is counted whole
  const activated = [0, 1].map((unit) => tally.activated[unit * dense.categories.length + colours]);
  expect(activated).toEqual([32 * 56 * 56, 56 * 56]);
  expect(Array.from(top.maxima.subarray(10, 13))).toEqual([59, 58, 57]);
});
