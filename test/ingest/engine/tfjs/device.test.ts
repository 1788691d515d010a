import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ENGINE_DEVICES } from '../../../../core/targets.ts';
import { type OpenBackend, openOn, restoreUtilFunctions, type TfjsDevice } from '../../../../ingest/engine/tfjs/device.ts';

const FOUND = { tf: {}, engine: 'engine', engineVersion: '1' } as OpenBackend;

/** Devices as a machine has them: `broken` ones start, and then fail to run. */
function machine(present: readonly TfjsDevice[], broken: readonly TfjsDevice[] = []) {
  const tried: TfjsDevice[] = [];
  let current: TfjsDevice | null = null;
  return {
    tried,
    openBackend: async (device: TfjsDevice) => {
      tried.push(device);
      current = device;
      if (!present.includes(device)) throw new Error('it is not installed');
      return FOUND;
    },
    open: async () => {
      if (current && broken.includes(current)) throw new Error('no kernel\nfor this');
      return `network on ${current}`;
    },
  };
}

describe('auto', () => {
  it('takes tfjs-node-gpu where it is there, and tries nothing else', async () => {
    const { tried, openBackend, open } = machine(['tensorflow-gpu', 'tensorflow', 'webgpu', 'wasm', 'cpu']);
    expect(await openOn(ENGINE_DEVICES.TFJS.devices, open, openBackend)).toMatchObject({
      device: 'tensorflow-gpu',
      opened: 'network on tensorflow-gpu',
      passedOver: [],
    });
    expect(tried).toEqual(['tensorflow-gpu']);
  });

  it('goes on to the next best where one is absent or fails to run the network, and says why', async () => {
    const { openBackend, open } = machine(['webgpu', 'wasm', 'cpu'], ['webgpu']);
    expect(await openOn(ENGINE_DEVICES.TFJS.devices, open, openBackend)).toMatchObject({
      device: 'wasm',
      passedOver: ['tfjs-tensorflow-gpu: it is not installed', 'tfjs-tensorflow: it is not installed', 'tfjs-webgpu: no kernel'],
    });
  });

  it('throws what the last one throws: what runs nowhere does not fail for want of a device', async () => {
    const { openBackend, open } = machine(['wasm', 'cpu'], ['wasm', 'cpu']);
    await expect(openOn(ENGINE_DEVICES.TFJS.devices, open, openBackend)).rejects.toThrow('no kernel');
  });
});

describe('a device that is asked for', () => {
  it('is the only one tried', async () => {
    const { tried, openBackend, open } = machine(['wasm', 'cpu']);
    await expect(openOn(['tensorflow-gpu'], open, openBackend)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(tried).toEqual(['tensorflow-gpu']);
  });
});

describe('the functions of util that tfjs-node calls', () => {
  it('are there on every version of Node', () => {
    const util = createRequire(import.meta.url)('node:util');
    const own = util.isNullOrUndefined;
    try {
      util.isNullOrUndefined = undefined;
      restoreUtilFunctions();
      expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined(value))).toEqual([true, true, false, false]);
    } finally {
      util.isNullOrUndefined = own;
    }
  });
});
