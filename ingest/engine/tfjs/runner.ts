import type { Runner } from '../engine.ts';
import { type TfjsDevice, threadsOf } from './device.ts';
import type { TfjsModel } from './model-file.ts';
import { startNetworkThread } from './network-thread.ts';
import type { SessionSetup } from './session.ts';
import type { Ready } from './thread.ts';

export interface TfjsRunner extends Runner {
  /** Tensors that each thread's runtime held after its last batch: weights and constants. */
  heldTensors(): readonly number[];
}

/**
 * Opens the network on threads of its own, which share each batch: a backend that computes in WebAssembly uses one core
 * a thread. Batches wait their turn.
 */
export async function startRunner(
  model: TfjsModel,
  setup: SessionSetup,
  { devices, threads, batchSize }: { devices: readonly TfjsDevice[]; threads: number | undefined; batchSize: number },
): Promise<TfjsRunner> {
  const start = (on: readonly TfjsDevice[]) => startNetworkThread<Ready>({ model, devices: on, work: { kind: 'run', setup } });
  const first = await start(devices);
  const { ready } = first;
  const others = Array.from({ length: threadsOf(ready.device, threads) - 1 }, () => start([ready.device]));
  const crew = [first, ...(await Promise.all(others))];
  const held = crew.map(() => 0);
  const image = setup.input.height * setup.input.width * 3;

  async function runNext(pixels: Uint8Array, count: number): Promise<Float32Array[]> {
    const least = setup.input.batch ?? 1;
    const share = Math.ceil(count / crew.length / least) * least;
    const busy = crew.slice(0, Math.ceil(count / share));
    const parts = await Promise.all(
      busy.map((thread, i) => {
        const part = pixels.slice(i * share * image, (i + 1) * share * image);
        return thread.ask({ pixels: part, count: part.length / image }, [part.buffer as ArrayBuffer]);
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
      await Promise.all(crew.map((thread) => thread.close()));
    },
  };
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
