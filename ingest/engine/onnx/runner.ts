import { createRequire } from 'node:module';
import { startThread } from '../../threads/ask.ts';
import type { Runner } from '../engine.ts';
import { guardExit, newCallState } from './exit-guard.ts';
import type { Ready, Reply, RunRequest, SessionSetup, ThreadData } from './session-thread.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');

/** Opens a session on a thread of its own. Batches wait their turn. The bytes of the model are handed over. */
export async function startRunner(setup: SessionSetup, batchSize: number): Promise<Runner> {
  const calls = newCallState();
  const { ready, ask, close } = await startThread<ThreadData, Ready, RunRequest, Reply>(
    new URL('./session-thread.ts', import.meta.url),
    { setup, calls },
    [setup.bytes.buffer],
    (thread) => thread.once('exit', guardExit(calls)),
  );

  function runNext(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const whole = pixels.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength;
    return ask({ pixels, count }, whole ? [pixels.buffer as ArrayBuffer] : []);
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    engine: 'onnxruntime-node',
    engineVersion: version,
    provider: ready.device,
    passedOver: ready.passedOver,
    batchSize,
    async run(pixels, count) {
      const expected = count * setup.height * setup.width * 3;
      if (pixels.length !== expected) throw new RangeError(`${count} images are ${expected} bytes, not ${pixels.length}`);
      const result = last.catch(() => {}).then(() => runNext(pixels, count));
      last = result;
      return result;
    },
    async close() {
      await last.catch(() => {});
      await close();
    },
  };
}
