import { TensorProto_DataType } from 'onnx-buf';
import type { Network, Reading, RunOptions } from '../engine.ts';
import { findLayer } from '../graph/find-layer.ts';
import { viewGraph } from '../graph/graph.ts';
import type { InputSize } from '../graph/image-input.ts';
import { describeLayers, mapTensors } from '../graph/layers.ts';
import { nameLayers } from '../graph/names.ts';
import { receptiveFields } from '../graph/receptive-field.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { takesAnyBatch } from './batch.ts';
import { halve } from './half.ts';
import { imageInput } from './input.ts';
import { readModel } from './model.ts';
import { probe } from './probe.ts';
import { PIXELS, rewrite, tapName } from './rewrite.ts';
import { startRunner } from './runner.ts';

export interface OpenOptions {
  /** Needed where the model leaves its input size open. */
  inputSize?: InputSize | null;
}

const { FLOAT16 } = TensorProto_DataType;

/** Opens an ONNX model and runs it once to learn its layers. Throws BAD_MODEL where the file is not a model that takes RGB images. */
export async function openOnnx(file: string, { inputSize = null }: OpenOptions = {}): Promise<Network> {
  const { proto, sha256 } = await readModel(file);
  const graph = viewGraph(proto);
  const input = imageInput(file, graph, inputSize);
  const facts = await probe(file, proto, graph, input);
  const shapeOf = (tensor: string) => facts.get(tensor)?.shape ?? graph.initializers.get(tensor)?.dims.map(Number) ?? null;
  const fields = receptiveFields(graph, input, shapeOf);
  const maps = mapTensors(graph, input, facts, fields);
  const names = nameLayers(graph, new Set(maps.map(({ tensor }) => tensor)));
  const layers = describeLayers(graph, input, maps, names);
  const taps = new Map(maps.map((map) => [map.tensor, map]));

  return {
    sha256,
    inputHeight: input.height,
    inputWidth: input.width,
    layers,
    layer: (name) => findLayer(file, name, layers, names, shapeOf),
    async start(readings: readonly Reading[], { normalisation, threads, provider = 'cpu', precision = 'fp32' }: RunOptions) {
      const wanted = readings.map(({ tensor, name, rotation }, i) => {
        const tap = taps.get(tensor);
        if (!tap) throw new Error(`${name} is a layer of another network`);
        const typed = precision === 'fp16' ? { ...tap, elementType: FLOAT16 } : tap;
        return rotation ? { ...typed, turn: { name: `turn${i}`, matrix: rotation } } : typed;
      });
      const outputs = wanted.map(tapName);
      const [network, image] = precision === 'fp16' ? [halve(proto), { ...input, elementType: FLOAT16 }] : [proto, input];
      const view = precision === 'fp16' ? viewGraph(network) : graph;
      const cut = (batch: number | null) => rewrite(network, view, image, normalisation, [...new Set(wanted)], batch);
      const free = cut(null);
      const batch = input.batch === null || (await takesAnyBatch(free, outputs, input)) ? null : input.batch;
      const bytes = batch === null ? free : cut(batch);
      const setup = { bytes, input: PIXELS, outputs, height: input.height, width: input.width, batch, threads, provider };
      return startRunner(setup, roomyBatch(facts, readings));
    },
  };
}

/** Memory that one batch's activations may take, and the most images that gain speed by going together. */
const BATCH_BYTES = 2 ** 30;
const LARGEST_BATCH = 32;

/** Counts every tensor of the network and what is read from it: more than is ever alive at once. */
function roomyBatch(facts: ReadonlyMap<string, TensorFacts>, readings: readonly Reading[]): number {
  let values = 0;
  for (const { shape } of facts.values()) values += shape.slice(1).reduce((product, size) => product * size, 1);
  for (const { units, grid } of readings) values += units * grid.height * grid.width;
  return Math.min(LARGEST_BATCH, Math.max(1, Math.floor(BATCH_BYTES / (4 * values))));
}
