import { describe, expect, it } from 'vitest';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { openOn } from '../../../ingest/engine/onnx/provider.ts';
import { ALEXNET_FC } from '../places.ts';

const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const pixels = (count: number) => Uint8Array.from({ length: count * 112 * 112 * 3 }, (_, i) => (i * 2654435761) >>> 24);

describe('a provider', () => {
  it('is the first that really opens, and the others say why not', async () => {
    const { provider, passedOver } = await openOn('auto', async (one) => {
      if (one !== 'cpu') throw new Error(`no ${one} here\nand a trace`);
    });
    expect(provider).toBe('cpu');
    expect(passedOver).toHaveLength(2);
    for (const why of passedOver) expect(why).toMatch(/^(cuda|webgpu): \S[^\n]+$/);
  });

  it('is an error when the one asked for does not open', async () => {
    const refused = openOn('webgpu', async () => {
      throw new Error('no adapter');
    });
    await expect(refused).rejects.toThrow(/^Provider webgpu: .+\. Choose --provider auto or cpu/);
  });

  it('runs the network wherever auto puts it, and says so', async () => {
    const network = await openOnnx(ALEXNET_FC);
    const runner = await network.start([network.layer('conv5')], { normalisation, provider: 'auto' });
    const [activations] = await runner.run(pixels(2), 2);
    await runner.close();
    expect(['cuda', 'webgpu', 'cpu']).toContain(runner.provider);
    expect(runner.passedOver.map((why) => why.split(':')[0])).toEqual(
      ['cuda', 'webgpu', 'cpu'].slice(0, ['cuda', 'webgpu', 'cpu'].indexOf(runner.provider)),
    );
    expect(activations).toHaveLength(2 * 128 * 14 * 14);
  });
});

describe('half precision', () => {
  it('gives nearly the activations of full precision, and not the same', async () => {
    const network = await openOnnx(ALEXNET_FC);
    const runs = [];
    for (const precision of ['fp32', 'fp16'] as const) {
      const runner = await network.start([network.layer('conv5')], { normalisation, precision });
      runs.push((await runner.run(pixels(2), 2))[0]);
      await runner.close();
    }
    const [full, half] = runs;
    const largest = full.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    const deviation = full.reduce((max, v, i) => Math.max(max, Math.abs(v - half[i])), 0) / largest;
    expect(deviation).toBeGreaterThan(0);
    expect(deviation).toBeLessThan(0.01);
  });
});
