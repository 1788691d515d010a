/** A thread that holds a network. TensorFlow.js computes on the thread that calls it: here that disturbs no one. */
import type { Channels } from '../../../prisma/generated/enums.ts';
import { type Service, serve } from '../../threads/serve.ts';
import { imageInput } from '../graph/find-input.ts';
import { viewGraph } from '../graph/graph.ts';
import type { ImageInput, InputSize } from '../graph/image-input.ts';
import { type Described, describe } from './describe.ts';
import { type Opened, openOn, type TfjsDevice } from './device.ts';
import type { TfjsModel } from './model-file.ts';
import type { TfjsNetwork } from './network.ts';
import { openTfjsNetwork } from './open-tfjs-network.ts';
import { runBatch, type SessionSetup } from './session.ts';
import type { Tf } from './tf.ts';
import { asModel, type Translated } from './translated.ts';

/** What is said of its input. */
interface Asked {
  size: InputSize | null;
  channels: Channels | null;
}

export interface ThreadData {
  model: TfjsModel;
  /** To be tried in this order. */
  devices: readonly TfjsDevice[];
  work: ({ kind: 'describe' } & Asked) | { kind: 'run'; setup: SessionSetup } | { kind: 'dense'; tensor: string };
}

/** The weights of a dense layer. */
export interface Dense {
  /** Values that come in x values that go out; empty where there is no such layer. */
  kernel: Float32Array;
  /** null: it has none. */
  bias: Float32Array | null;
}

/** What a network is. */
export interface Description {
  graph: Translated;
  /** As it is declared. */
  input: ImageInput;
  shown: Described;
}

/** Said once, when the network stands and has run once. */
export type Ready = Omit<Opened<unknown>, 'tf' | 'opened'>;

export interface RunRequest {
  pixels: Uint8Array;
  count: number;
}

/** Given to each request. */
export interface Batch {
  outputs: Float32Array[];
  /** Tensors that the runtime holds when it is over. */
  held: number;
}

async function description({ model, devices }: ThreadData, asked: Asked): Promise<Description> {
  const { opened } = await openOn(devices, async (tf) => describeModel(tf, model, await openTfjsNetwork(tf, model), asked));
  return opened;
}

async function describeModel(tf: Tf, { file }: TfjsModel, network: TfjsNetwork, { size, channels }: Asked): Promise<Description> {
  const graph = viewGraph(asModel(network.graph));
  const input = imageInput(file, graph, size, channels);
  return { graph: network.graph, input, shown: await describe(tf, network, graph, input) };
}

async function dense({ model, devices }: ThreadData, tensor: string): Promise<Dense> {
  const { opened } = await openOn(devices, (tf) => openTfjsNetwork(tf, model));
  const found = opened.dense(tensor);
  const kernel = (await found?.kernel.data()) as Float32Array | undefined;
  const bias = (await found?.bias?.data()) as Float32Array | undefined;
  return { kernel: kernel ?? new Float32Array(), bias: bias ?? null };
}

async function batches({ model, devices }: ThreadData, setup: SessionSetup): Promise<Service<Ready, RunRequest, Batch>> {
  const { tf, opened, ...ready } = await openOn(devices, async (tf) => {
    const network = await openTfjsNetwork(tf, model);
    await runBatch(tf, network, setup, new Uint8Array(setup.input.height * setup.input.width * 3), 1);
    return network;
  });
  return {
    ready,
    async answer({ pixels, count }) {
      const outputs = await runBatch(tf, opened, setup, pixels, count);
      return { outputs, held: tf.memory().numTensors };
    },
    handedOver: ({ outputs }) => outputs.map(({ buffer }) => buffer as ArrayBuffer),
  };
}

/** A thread that is asked nothing more. */
const said = <T>(ready: T): Service<T, never, never> => ({ ready, answer: () => Promise.reject(new Error('nothing to ask')) });

serve(async (data: ThreadData): Promise<Service<Description | Dense | Ready, RunRequest, Batch>> => {
  const { work } = data;
  switch (work.kind) {
    case 'describe':
      return said(await description(data, work));
    case 'dense':
      return said(await dense(data, work.tensor));
    case 'run':
      return batches(data, work.setup);
  }
});
