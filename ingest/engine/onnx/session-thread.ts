/** The thread that holds a session. ONNX Runtime's `run` blocks the thread that calls it: here that disturbs no one. */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type Service, serve } from '../../threads/serve.ts';
import { type OnnxDevice, type OpenedOn, openOn } from './device.ts';
import { beginCall, type CallState, endCall } from './exit-guard.ts';
import { openSession, type SessionOptions } from './session.ts';

export interface SessionSetup {
  /** A rewritten model. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Where weights lie that are not in the bytes. */
  folder: string;
  /** Name of its one input. */
  input: string;
  /** What it gives, in the order asked for. */
  outputs: readonly string[];
  height: number;
  width: number;
  /** How many images the network insists on; null where any number will do. */
  batch: number | null;
  threads: number | undefined;
  /** To be tried in this order. */
  devices: readonly OnnxDevice[];
  /** Without the runtime's rewrites. */
  asItStands?: boolean;
}

export interface ThreadData {
  setup: SessionSetup;
  calls: CallState;
}

export interface RunRequest {
  pixels: Uint8Array;
  count: number;
}

/** Given to each request: the outputs asked for, in their order. */
export type Reply = Float32Array<ArrayBuffer>[];

/** Given once, when the session stands. */
export type Ready = Omit<OpenedOn<never>, 'opened'>;

/** What ONNX Runtime takes for `as many as there are cores`. */
const RUNTIMES_CHOICE = 0;

serve(async ({ setup, calls }: ThreadData): Promise<Service<Ready, RunRequest, Reply>> => {
  const { opened, device, passedOver } = await openOn(setup.devices, (one) => open(setup, one)).finally(() => endCall(calls));
  // The session has its own copy, and a large model is large twice.
  setup.bytes = new Uint8Array();
  return {
    ready: { device, passedOver },
    answer: (request) => runBatches(opened, setup, calls, request),
    handedOver: (outputs) => [...new Set(outputs.map(({ buffer }) => buffer))],
    close: () => opened.release(),
  };
});

async function open(setup: SessionSetup, device: OnnxDevice): Promise<InferenceSession> {
  // TensorFloat-32 would cost a thousandth of every activation.
  const cuda = { name: 'cuda', useTf32: false } as const;
  const options: SessionOptions = {
    executionProviders: [device === 'cuda' ? cuda : device],
    intraOpNumThreads: setup.threads ?? RUNTIMES_CHOICE,
    spins: false,
    ...(setup.asItStands && { graphOptimizationLevel: 'disabled' }),
  };
  // A few graphs are refused by an optimisation that the probe has shown to run as they are.
  const session = await openSession(setup, options).catch(() => openSession(setup, { ...options, graphOptimizationLevel: 'disabled' }));
  // A GPU may open a session and then fail to run it.
  if (device !== 'cpu')
    await runOnce(session, setup, new Uint8Array((setup.batch ?? 1) * setup.height * setup.width * 3), setup.batch ?? 1);
  return session;
}

async function runBatches(session: InferenceSession, setup: SessionSetup, calls: CallState, { pixels, count }: RunRequest) {
  const batch = setup.batch ?? count;
  if (batch === count) return run(session, setup, calls, owned(pixels), count);
  const image = pixels.length / count;
  const parts: Float32Array<ArrayBuffer>[][] = [];
  for (let first = 0; first < count; first += batch) {
    const padded = new Uint8Array(batch * image);
    padded.set(pixels.subarray(first * image, (first + batch) * image));
    parts.push(await run(session, setup, calls, padded, batch));
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

async function run(session: InferenceSession, setup: SessionSetup, calls: CallState, pixels: Uint8Array, count: number) {
  beginCall(calls);
  try {
    return await runOnce(session, setup, pixels, count);
  } finally {
    endCall(calls);
  }
}

async function runOnce(session: InferenceSession, { input, outputs, height, width }: SessionSetup, pixels: Uint8Array, count: number) {
  const results = await session.run({ [input]: new Tensor('uint8', pixels, [count, height, width, 3]) }, [...new Set(outputs)]);
  return outputs.map((name) => results[name].data as Float32Array<ArrayBuffer>);
}

/** Puts the results of padded batches end to end, without those of the padding. */
function joined(parts: readonly Float32Array[], count: number, batch: number): Float32Array<ArrayBuffer> {
  const each = parts[0].length / batch;
  const whole = new Float32Array(count * each);
  for (const [i, part] of parts.entries()) whole.set(part.subarray(0, Math.min(batch, count - i * batch) * each), i * batch * each);
  return whole;
}
