import { describe, expect, it } from 'vitest';
import { ENGINE_DEVICES } from '../../../core/targets.ts';
import { openOn } from '../../../ingest/engine/onnx/device.ts';
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';
import { ALEXNET_FC } from '../places.ts';

const normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const pixels = (count: number) => Uint8Array.from({ length: count * 112 * 112 * 3 }, (_, i) => (i * 2654435761) >>> 24);

describe('a device', () => {
  it('is the first that really opens, and the others say why not', async () => {
    const { device, passedOver } = await openOn(ENGINE_DEVICES.ONNX.devices, async (one) => {
      if (one !== 'cpu') throw new Error(`no ${one} here\nand a trace`);
    });
    expect(device).toBe('cpu');
    expect(passedOver).toHaveLength(2);
    for (const why of passedOver) expect(why).toMatch(/^onnx-(cuda|webgpu): \S[^\n]+$/);
  });

  it('is an error when the one asked for does not open', async () => {
    const refused = openOn(['webgpu'], async () => {
      throw new Error('no adapter');
    });
    await expect(refused).rejects.toThrow(/^Target onnx-webgpu: .+\. Choose --target auto or onnx-cpu/);
  });

  it('runs the network wherever auto puts it, and says so', async () => {
    const network = await openOnnx(ALEXNET_FC);
    const runner = await network.start([network.layer('conv5')], { normalisation });
    const [activations] = await runner.run(pixels(2), 2);
    await runner.close();
    expect(['cuda', 'webgpu', 'cpu']).toContain(runner.provider);
    expect(runner.passedOver.map((why) => why.split(':')[0])).toEqual(
      ['onnx-cuda', 'onnx-webgpu', 'onnx-cpu'].slice(0, ['cuda', 'webgpu', 'cpu'].indexOf(runner.provider)),
    );
    expect(activations).toHaveLength(2 * 128 * 14 * 14);
  });

  it("is of the network's engine: targets of others alone are refused", async () => {
    const network = await openOnnx(ALEXNET_FC);
    await expect(network.start([network.layer('conv5')], { normalisation, targets: ['tfjs-wasm'] })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'This model runs in ONNX Runtime: choose --target auto or onnx-cuda, onnx-webgpu, onnx-cpu, not tfjs-wasm.',
    });
    const runner = await network.start([network.layer('conv5')], { normalisation, targets: ['tfjs-wasm', 'onnx-cpu'] });
    await runner.close();
    expect(runner).toMatchObject({ provider: 'cpu', passedOver: [] });
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
