import { TensorProto_DataType } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import { ENGINE_DEVICES } from '../../../core/targets.ts';
import type { Channels } from '../../../prisma/generated/enums.ts';
import { devicesFor } from '../devices-for.ts';
import type { Network, OpenOptions, OwnHead, RunOptions } from '../engine.ts';
import { roomyBatch } from '../graph/batch-size.ts';
import { type Graph, viewGraph, writes } from '../graph/graph.ts';
import { type ImageInput, type InputSize, inputShape } from '../graph/image-input.ts';
import { networkLayers } from '../graph/network-layers.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { usualNormalisation } from '../normalisation.ts';
import { answerOf, startNetworkThread } from './ask-thread.ts';
import type { TfjsDevice } from './device.ts';
import { readTfjsModel, type TfjsModel } from './model-file.ts';
import { readOwnHead } from './own-head.ts';
import { startRunner, type TfjsRunner } from './runner.ts';
import type { Fact } from './session.ts';
import type { Description } from './thread.ts';
import { asModel, tensorOfSums } from './translated.ts';

export interface TfjsNetworkOnDisk extends Network {
  start(readings: Parameters<Network['start']>[0], options: RunOptions): Promise<TfjsRunner>;
}

/** Opens a TensorFlow.js model, layers or graph, and runs it once to learn its layers. Throws BAD_MODEL where the file is not a model that takes images. */
export async function openTfjs(
  file: string,
  { inputSize = null, tokens = null, channels = null }: OpenOptions = {},
): Promise<TfjsNetworkOnDisk> {
  const model = await readTfjsModel(file);
  const { graph: translated, input, facts: found } = await describe(model, { size: inputSize, channels });
  const graph = viewGraph(asModel(translated), input.layout);
  const facts = factsOf(graph, input, found);
  const { layers, unreadable, layer, maps } = networkLayers(file, graph, input, facts, tokens);

  /** Read once: it takes a thread. */
  let head: Promise<OwnHead | null> | null = null;

  return {
    format: 'TFJS',
    sha256: model.sha256,
    inputHeight: input.height,
    inputWidth: input.width,
    channels: input.channels,
    usualNormalisation: usualNormalisation(input),
    layers,
    // Sums inside an operator bear a name only here.
    unreadable: unreadable.filter(({ name }) => tensorOfSums(name) === null),
    layer,
    ownHead: () => {
      head ??= readOwnHead(model, graph, facts, maps, layers);
      return head;
    },
    rerun: async () => {
      throw new DissectoryError(
        'BAD_INPUT',
        `${file} runs in TensorFlow.js, which cannot run the part behind a layer by itself. Convert it to ONNX.`,
      );
    },
    async start(readings, { normalisation, precision = 'fp32', targets, threads }) {
      if (precision !== 'fp32') throw new DissectoryError('BAD_INPUT', `${file} runs in TensorFlow.js, which computes in fp32 only.`);
      const taps = readings.map(({ tensor, name, rotation }) => {
        const map = maps.get(tensor);
        if (!map) throw new Error(`${name} is a layer of another network`);
        const { layout, height, width, skip } = map;
        return { tensor, layout, height, width, skip, rotation };
      });
      const batchSize = roomyBatch(facts, readings);
      return startRunner(model, { input, normalisation, taps }, { devices: devicesFor('TFJS', targets), threads, batchSize });
    },
  };
}

function factsOf(graph: Graph, input: ImageInput, found: readonly Fact[]): Map<string, TensorFacts> {
  const { FLOAT, UNDEFINED } = TensorProto_DataType;
  const facts = new Map(found.map(({ tensor, dtype, shape }) => [tensor, { elementType: dtype === 'float32' ? FLOAT : UNDEFINED, shape }]));
  for (const name of graph.nodes.flatMap(writes)) {
    // As large as what the activation makes of them, but of no type that could be read.
    const shape = facts.get(tensorOfSums(name) ?? '')?.shape;
    if (shape) facts.set(name, { elementType: UNDEFINED, shape });
  }
  return facts.set(input.name, { elementType: input.elementType, shape: inputShape(input, input.batch ?? 1) });
}

/** On whatever device can: every one of them knows the shapes, and the portable one stands fastest. */
const DESCRIBING: readonly (readonly TfjsDevice[])[] = [['wasm'], ENGINE_DEVICES.TFJS.devices];

async function describe(model: TfjsModel, asked: { size: InputSize | null; channels: Channels | null }): Promise<Description> {
  let failure: unknown;
  for (const devices of DESCRIBING) {
    const thread = startNetworkThread({ model, devices, work: { kind: 'describe', ...asked } });
    try {
      return await answerOf<Description>(thread);
    } catch (error) {
      if (error instanceof DissectoryError) throw error;
      failure = error;
    } finally {
      await thread.terminate();
    }
  }
  const why = failure instanceof Error ? failure.message : failure;
  throw new DissectoryError('BAD_MODEL', `TensorFlow.js cannot run the model ${model.file}: ${why}`, { cause: failure });
}
