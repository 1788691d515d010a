/** The thread that holds a session. ONNX Runtime's `run` blocks the thread that calls it: here that disturbs no one. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PIXELS } from './rewrite.ts';

/** How the thread is started. */
export interface SessionSetup {
  /** A rewritten model. */
  bytes: Uint8Array<ArrayBuffer>;
  /** What it gives, in the order asked for. */
  outputs: readonly string[];
  height: number;
  width: number;
  /** How many images the network insists on; null where any number will do. */
  batch: number | null;
  threads: number | undefined;
}

export interface RunRequest {
  pixels: Uint8Array;
  count: number;
}

export type RunReply = { outputs: Float32Array<ArrayBuffer>[] } | { error: Error };

/** What the thread says once, when the session stands. */
export type Ready = 'ready' | { error: Error };

async function serve(setup: SessionSetup, port: NonNullable<typeof parentPort>): Promise<void> {
  const session = await InferenceSession.create(setup.bytes, {
    executionProviders: ['cpu'],
    ...(setup.threads !== undefined && { intraOpNumThreads: setup.threads }),
    logSeverityLevel: 3,
  });
  port.on('message', async (request: RunRequest | 'close') => {
    if (request === 'close') {
      await session.release();
      port.close();
      return;
    }
    const reply = await run(session, setup, request).then(
      (outputs): RunReply => ({ outputs }),
      (error): RunReply => ({ error }),
    );
    port.postMessage(reply, 'outputs' in reply ? [...new Set(reply.outputs.map(({ buffer }) => buffer))] : []);
  });
  port.postMessage('ready' satisfies Ready);
}

async function run(session: InferenceSession, setup: SessionSetup, { pixels, count }: RunRequest): Promise<Float32Array<ArrayBuffer>[]> {
  const batch = setup.batch ?? count;
  if (batch === count) return runOnce(session, setup, owned(pixels), count);
  const bytes = pixels.length / count;
  const parts: Float32Array<ArrayBuffer>[][] = [];
  for (let first = 0; first < count; first += batch) {
    const padded = new Uint8Array(batch * bytes);
    padded.set(pixels.subarray(first * bytes, (first + batch) * bytes));
    parts.push(await runOnce(session, setup, padded, batch));
  }
  return setup.outputs.map((_, i) =>
    joined(
      parts.map((part) => part[i]),
      count,
      batch,
    ),
  );
}

/** ONNX Runtime refuses memory shared between threads. */
function owned(pixels: Uint8Array): Uint8Array {
  return pixels.buffer instanceof SharedArrayBuffer ? pixels.slice() : pixels;
}

async function runOnce(session: InferenceSession, { outputs, height, width }: SessionSetup, pixels: Uint8Array, count: number) {
  const results = await session.run({ [PIXELS]: new Tensor('uint8', pixels, [count, height, width, 3]) }, [...new Set(outputs)]);
  return outputs.map((name) => results[name].data as Float32Array<ArrayBuffer>);
}

/** Puts the results of padded batches end to end, without those of the padding. */
function joined(parts: readonly Float32Array[], count: number, batch: number): Float32Array<ArrayBuffer> {
  const each = parts[0].length / batch;
  const whole = new Float32Array(count * each);
  for (const [i, part] of parts.entries()) whole.set(part.subarray(0, Math.min(batch, count - i * batch) * each), i * batch * each);
  return whole;
}

const port = parentPort;
if (port) serve(workerData, port).catch((error) => port.postMessage({ error } satisfies Ready));
