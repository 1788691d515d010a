import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Network, Runner } from '../../../ingest/engine/engine.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { randomRotation } from '../../../ingest/math/rotation/random-rotation.ts';

const MODEL = path.join(import.meta.dirname, '../../fixtures/models/scenes-alexnet.onnx');
const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

describe('a turned reading', () => {
  let network: Network;
  let runner: Runner;
  const turns: Float32Array[] = [];

  beforeAll(async () => {
    network = await openOnnx(MODEL);
    const layer = network.layer('conv5');
    turns.push(...[1, 2].map((seed) => Float32Array.from(randomRotation(layer.units, seed))));
    const readings = [layer, ...turns.map((rotation) => ({ ...layer, rotation })), network.layer('conv1')];
    runner = await network.start(readings, { normalisation: NORMALISATION });
  });
  afterAll(() => runner?.close());

  it('is the matrix times the activations at every location; the layer beside it stays as it is alone', async () => {
    const { units, grid } = network.layer('conv5');
    const cells = grid.height * grid.width;
    const pixels = () => Uint8Array.from({ length: 2 * network.inputHeight * network.inputWidth * 3 }, (_, i) => (i * 2654435761) >>> 24);
    const [plain, first, second, conv1] = await runner.run(pixels(), 2);

    const alone = await network.start([network.layer('conv5'), network.layer('conv1')], { normalisation: NORMALISATION });
    expect(await alone.run(pixels(), 2)).toEqual([plain, conv1]);
    await alone.close();

    for (const [t, turned] of [first, second].entries()) {
      let worst = 0;
      for (let image = 0; image < 2; image++) {
        for (let unit = 0; unit < units; unit++) {
          for (let cell = 0; cell < cells; cell++) {
            let sum = 0;
            for (let k = 0; k < units; k++) sum += turns[t][unit * units + k] * plain[(image * units + k) * cells + cell];
            worst = Math.max(worst, Math.abs(turned[(image * units + unit) * cells + cell] - sum));
          }
        }
      }
      expect(worst).toBeLessThan(1e-4);
      expect(turned.some((value) => Math.abs(value) > 0.1)).toBe(true);
    }
  });
});
