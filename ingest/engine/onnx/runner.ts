import { once } from 'node:events';
import { createRequire } from 'node:module';
import { startThread } from '../../thread.ts';
import type { Runner } from '../engine.ts';
import type { Ready, RunReply, RunRequest, SessionSetup } from './session-thread.ts';

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');

/** Opens a session on a thread of its own. Runs asked for while one is under way wait their turn. */
export async function startRunner(setup: SessionSetup): Promise<Runner> {
  const thread = startThread(new URL('./session-thread.ts', import.meta.url), { workerData: setup, transferList: [setup.bytes.buffer] });
  const [ready]: [Ready] = await once(thread, 'message').then(([message]) => [message]);
  if (ready !== 'ready') throw ready.error;

  async function runNext(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const whole = pixels.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength;
    thread.postMessage({ pixels, count } satisfies RunRequest, whole ? [pixels.buffer] : []);
    const [reply]: [RunReply] = await once(thread, 'message').then(([message]) => [message]);
    if ('error' in reply) throw reply.error;
    return reply.outputs;
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    engine: 'onnxruntime-node',
    engineVersion: version,
    provider: 'cpu',
    run(pixels, count) {
      const expected = count * setup.height * setup.width * 3;
      if (pixels.length !== expected) return Promise.reject(new RangeError(`${count} images are ${expected} bytes, not ${pixels.length}`));
      const result = last.catch(() => {}).then(() => runNext(pixels, count));
      last = result;
      return result;
    },
    async close() {
      await last.catch(() => {});
      const ended = once(thread, 'exit');
      thread.postMessage('close');
      await ended;
    },
  };
}
