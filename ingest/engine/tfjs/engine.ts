import { DissectoryError } from '../../../core/errors.ts';
import { ENGINE_DEVICES } from '../../../core/targets.ts';
import type { Channels } from '../../../prisma/generated/enums.ts';
import { devicesFor } from '../devices-for.ts';
import type { Network, OpenOptions, OwnHead, RunOptions } from '../engine.ts';
import { roomyBatch } from '../graph/batch-size.ts';
import { viewGraph } from '../graph/graph.ts';
import type { InputSize } from '../graph/image-input.ts';
import { networkLayers } from '../graph/network-layers.ts';
import { networkNotes } from '../graph/network-notes.ts';
import { usualNormalisation } from '../normalisation.ts';
import type { TfjsDevice } from './device.ts';
import { readTfjsModel, type TfjsModel } from './model-file.ts';
import { askOnce } from './network-thread.ts';
import { readOwnHead } from './own-head.ts';
import { startRunner, type TfjsRunner } from './runner.ts';
import type { Description } from './thread.ts';
import { asModel, tensorOfSums } from './translated.ts';

export interface TfjsNetworkOnDisk extends Network {
  start(readings: Parameters<Network['start']>[0], options: RunOptions): Promise<TfjsRunner>;
}

/**
 * Opens a TensorFlow.js model, layers or graph, and runs it once to learn its layers. Throws BAD_MODEL where the file
 * is not a model that takes images.
 */
export async function openTfjs(
  file: string,
  { inputSize = null, tokens = null, channels = null, inputs = null, output = null, classes = 0 }: OpenOptions = {},
): Promise<TfjsNetworkOnDisk> {
  const model = await readTfjsModel(file);
  if (inputs)
    throw new DissectoryError('BAD_CARD', `The card of ${file} fixes inputs, which TensorFlow.js models cannot have. Convert it to ONNX.`);
  const { graph: translated, input: declared, shown } = await describe(model, { size: inputSize, channels });
  const graph = viewGraph(asModel(translated));
  const { facts, disturbed } = shown;
  const input = { ...declared, batch: shown.batch };
  const { layers, unreadable, layer, maps } = networkLayers(file, graph, input, shown, tokens);

  /** Read once: it takes a thread. */
  let head: Promise<OwnHead | null> | null = null;

  return {
    format: 'TFJS',
    sha256: model.sha256,
    inputHeight: input.height,
    inputWidth: input.width,
    channels: input.channels,
    usualNormalisation: usualNormalisation(input),
    notes: networkNotes(file, declared, shown),
    rewriteTolerance: null,
    layers,
    // Sums inside an operator bear a name only here.
    unreadable: unreadable.filter(({ name }) => tensorOfSums(name) === null),
    layer,
    ownHead: () => {
      head ??= readOwnHead(model, graph, facts, maps, layers, { output, classes });
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
      const isDisturbed = readings.some(({ tensor }) => disturbed.has(tensor));
      const setup = { input: isDisturbed ? { ...input, batch: 1 } : input, normalisation, taps };
      return startRunner(model, setup, { devices: devicesFor('TFJS', targets), threads, batchSize });
    },
  };
}

/** On whatever device can: every one of them knows the shapes, and the portable one stands fastest. */
const DESCRIBING: readonly (readonly TfjsDevice[])[] = [['wasm'], ENGINE_DEVICES.TFJS.devices];

async function describe(model: TfjsModel, asked: { size: InputSize | null; channels: Channels | null }): Promise<Description> {
  let failure: unknown;
  for (const devices of DESCRIBING) {
    try {
      return await askOnce<Description>({ model, devices, work: { kind: 'describe', ...asked } });
    } catch (error) {
      if (error instanceof DissectoryError) throw error;
      failure = error;
    }
  }
  const why = failure instanceof Error ? failure.message : failure;
  throw new DissectoryError('BAD_MODEL', `TensorFlow.js cannot run the model ${model.file}: ${why}`, { cause: failure });
}
