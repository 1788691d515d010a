import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { hasEnded } from '../../threads/thread.ts';
import type { Runner } from '../engine.ts';
import { answerOf, startNetworkThread } from './ask-thread.ts';
import { type TfjsDevice, threadsOf } from './device.ts';
import type { TfjsModel } from './model-file.ts';
import type { SessionSetup } from './session.ts';
import type { Batch, Ready, RunRequest } from './thread.ts';

export interface TfjsRunner extends Runner {
  /** Tensors that each thread's runtime held after its last batch: weights and constants. */
  heldTensors(): readonly number[];
}

/**
 * Opens the network on threads of its own, which share each batch: a backend that computes in WebAssembly uses one core a thread.
 * Batches wait their turn.
 */
export async function startRunner(
  model: TfjsModel,
  setup: SessionSetup,
  { devices, threads, batchSize }: { devices: readonly TfjsDevice[]; threads: number | undefined; batchSize: number },
): Promise<TfjsRunner> {
  const start = async (on: readonly TfjsDevice[]) => {
    const thread = startNetworkThread({ model, devices: on, work: { kind: 'run', setup } });
    return { thread, ready: await answerOf<Ready>(thread) };
  };
  const { thread: first, ready } = await start(devices);
  const others = Array.from({ length: threadsOf(ready.device, threads) - 1 }, () => start([ready.device]));
  const crew = [first, ...(await Promise.all(others)).map(({ thread }) => thread)];
  const held = crew.map(() => 0);
  const image = setup.input.height * setup.input.width * 3;

  async function runNext(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const least = setup.input.batch ?? 1;
    const share = Math.ceil(count / crew.length / least) * least;
    const busy = crew.slice(0, Math.ceil(count / share));
    const parts = await Promise.all(
      busy.map((thread, i) => {
        const part = pixels.slice(i * share * image, (i + 1) * share * image);
        return ask(thread, { pixels: part, count: part.length / image });
      }),
    );
    for (const [i, part] of parts.entries()) held[i] = part.held;
    return parts.length === 1 ? parts[0].outputs : setup.taps.map((_, tap) => joined(parts.map(({ outputs }) => outputs[tap])));
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    engine: ready.engine,
    engineVersion: ready.engineVersion,
    provider: ready.device,
    passedOver: ready.passedOver,
    batchSize,
    heldTensors: () => held,
    async run(pixels, count) {
      if (pixels.length !== count * image) throw new RangeError(`${count} images are ${count * image} bytes, not ${pixels.length}`);
      const result = last.catch(() => {}).then(() => runNext(pixels, count));
      last = result;
      return result;
    },
    async close() {
      await last.catch(() => {});
      await Promise.all(crew.map(end));
    },
  };
}

function ask(thread: Worker, request: RunRequest): Promise<Batch> {
  thread.postMessage(request, [request.pixels.buffer as ArrayBuffer]);
  return answerOf(thread);
}

async function end(thread: Worker): Promise<void> {
  if (hasEnded(thread)) return;
  const ended = once(thread, 'exit');
  thread.postMessage('close');
  await ended;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
