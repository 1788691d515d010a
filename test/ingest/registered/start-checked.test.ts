import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LayerInfo, Network, RunOptions } from '../../../ingest/engine/engine.ts';
import { startChecked } from '../../../ingest/registered/start-checked.ts';
import type { Store } from '../../../store/store.ts';
import { type TemporaryStore, temporaryStore } from '../temporary-store.ts';

let store: Store;
let remove: TemporaryStore['remove'] | undefined;
beforeAll(async () => {
  ({ store, remove } = await temporaryStore());
});
afterAll(() => remove?.());

const layer = { name: 'pool', tensor: 'pooled' } as LayerInfo;
const options: RunOptions = { normalisation: { mean: [0], std: [1] } };

/**
 * Gives 1, and `deviation` more where the engine has rewritten the graph. Counts the times that the graph ran as it
 * stands.
 */
function network(sha256: string, deviation: number, rewriteTolerance: number | null = 1e-3) {
  const counts = { plain: 0, closed: 0 };
  const start: Network['start'] = async (readings, { asItStands = false, precision = 'fp32' }) => {
    if (asItStands) counts.plain++;
    return {
      engine: 'test',
      engineVersion: '1',
      provider: precision === 'fp16' ? 'gpu' : 'cpu',
      passedOver: [],
      batchSize: 4,
      run: async (_pixels, count) => readings.map(() => new Float32Array(count).fill(asItStands ? 1 : 1 + deviation)),
      close: async () => {
        counts.closed++;
      },
    };
  };
  const opened = { sha256, rewriteTolerance, inputHeight: 8, inputWidth: 8, start } as Network;
  return {
    opened,
    counts,
    begin: (more?: Partial<RunOptions>) => startChecked(store, { inputs: null }, opened, [layer], { ...options, ...more }),
  };
}

describe('the first time that an engine is asked for layers of a model', () => {
  it('a few images are compared with the graph as it stands, and that is stored', async () => {
    const { begin, counts } = network('sound', 1e-5);
    const first = await begin();
    await first.close();
    await (await begin()).close();
    expect(counts).toEqual({ plain: 1, closed: 3 });
    const [check] = await store.prisma.engineCheck.findMany({ where: { sha256: 'sound' } });
    expect(check).toMatchObject({ engine: 'test 1', deviation: expect.closeTo(1e-5, 7) });
  });

  it('another model, precision or layer is compared anew', async () => {
    const { begin, counts } = network('precise', 1e-5);
    await begin();
    await begin({ precision: 'fp16' });
    expect(counts.plain).toBe(2);
  });

  it('a layer that deviates stops it, each time, and nothing is left open', async () => {
    const { begin, counts } = network('wrong', 0.41);
    for (const times of [1, 2]) {
      await expect(begin()).rejects.toMatchObject({
        code: 'BAD_MODEL',
        message: expect.stringMatching(/pool is off by 41 % of its largest value/),
      });
      expect(counts).toEqual({ plain: times, closed: 2 * times });
    }
  });

  it('half precision may be coarser', async () => {
    const { begin } = network('half', 0.01);
    await expect(begin({ precision: 'fp16' })).resolves.toMatchObject({ provider: 'gpu' });
    await expect(begin()).rejects.toMatchObject({ code: 'BAD_MODEL' });
  });

  it('what is not a number in one of them only deviates', async () => {
    await expect(network('nan', Number.NaN).begin()).rejects.toMatchObject({ code: 'BAD_MODEL' });
  });

  it('an engine that rewrites nothing is not compared', async () => {
    const { begin, counts } = network('tfjs', 1, null);
    await begin();
    expect(counts.plain).toBe(0);
  });
});
