import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Backend } from '../../../../ingest/engine/engine.ts';
import { type OpenBackend, openOn, restoreUtilFunctions } from '../../../../ingest/engine/tfjs/backend.ts';

const FOUND = { tf: {}, engine: 'engine', engineVersion: '1' } as OpenBackend;

/** Backends as a machine has them: `broken` ones start, and then fail to run. */
function machine(present: readonly Backend[], broken: readonly Backend[] = []) {
  const tried: Backend[] = [];
  let current: Backend | null = null;
  return {
    tried,
    openBackend: async (backend: Backend) => {
      tried.push(backend);
      current = backend;
      if (!present.includes(backend)) throw new Error('it is not installed');
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
    expect(await openOn('auto', open, openBackend)).toMatchObject({
      backend: 'tensorflow-gpu',
      opened: 'network on tensorflow-gpu',
      passedOver: [],
    });
    expect(tried).toEqual(['tensorflow-gpu']);
  });

  it('goes on to the next best where one is absent or fails to run the network, and says why', async () => {
    const { openBackend, open } = machine(['webgpu', 'wasm', 'cpu'], ['webgpu']);
    expect(await openOn('auto', open, openBackend)).toMatchObject({
      backend: 'wasm',
      passedOver: ['tensorflow-gpu: it is not installed', 'tensorflow: it is not installed', 'webgpu: no kernel'],
    });
  });

  it('throws what the last one throws: what runs nowhere does not fail for want of a backend', async () => {
    const { openBackend, open } = machine(['wasm', 'cpu'], ['wasm', 'cpu']);
    await expect(openOn('auto', open, openBackend)).rejects.toThrow('no kernel');
  });
});

describe('a backend that is asked for', () => {
  it('is the only one tried', async () => {
    const { tried, openBackend, open } = machine(['wasm', 'cpu']);
    await expect(openOn('tensorflow-gpu', open, openBackend)).rejects.toMatchObject({ code: 'BAD_INPUT' });
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
