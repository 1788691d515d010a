import { once } from 'node:events';
import { createRequire } from 'node:module';
import { DissectoryError } from '../../../core/errors.ts';
import { hasEnded, nextMessage, startThread } from '../../threads/thread.ts';
import type { Runner } from '../engine.ts';
import { guardExit, newCallState } from './exit-guard.ts';
import type { Ready, Reply, RunRequest, SessionSetup, ThreadData } from './session-thread.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');

/** Opens a session on a thread of its own. Batches wait their turn. The bytes of the model are handed over. */
export async function startRunner(setup: SessionSetup, batchSize: number): Promise<Runner> {
  const calls = newCallState();
  const thread = startThread(new URL('./session-thread.ts', import.meta.url), {
    workerData: { setup, calls } satisfies ThreadData,
    transferList: [setup.bytes.buffer],
  });
  const liftGuard = guardExit(calls);
  thread.once('exit', liftGuard);
  const ready = await nextMessage<Ready>(thread);
  if ('error' in ready) throw ready.code ? new DissectoryError(ready.code, String((ready.error as Error).message)) : ready.error;

  async function runNext(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const whole = pixels.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength;
    thread.postMessage({ pixels, count } satisfies RunRequest, whole ? [pixels.buffer] : []);
    return answer(thread);
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
      if (hasEnded(thread)) return;
      const ended = once(thread, 'exit');
      thread.postMessage('close');
      await ended;
    },
  };
}

async function answer(thread: ReturnType<typeof startThread>): Promise<Float32Array[]> {
  const reply = await nextMessage<Reply>(thread);
  if ('error' in reply) throw reply.error;
  return reply.outputs;
}
