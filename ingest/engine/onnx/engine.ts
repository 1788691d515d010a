import type { Network, Reading, RunOptions } from '../engine.ts';
import { takesAnyBatch } from './batch.ts';
import { findLayer } from './find-layer.ts';
import { viewGraph } from './graph.ts';
import { type InputSize, imageInput } from './input.ts';
import { describeLayers, mapTensors } from './layers.ts';
import { readModel } from './model.ts';
import { nameLayers } from './names.ts';
import { probe } from './probe.ts';
import { receptiveFields } from './receptive-field.ts';
import { PIXELS, rewrite, tapName } from './rewrite.ts';
import { startRunner } from './runner.ts';

export interface OpenOptions {
  /** Needed where the model leaves its input size open. */
  inputSize?: InputSize | null;
}

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
    async start(readings: readonly Reading[], { normalisation, threads }: RunOptions) {
      const wanted = readings.map(({ tensor, name, rotation }, i) => {
        const tap = taps.get(tensor);
        if (!tap) throw new Error(`${name} is a layer of another network`);
        return rotation ? { ...tap, turn: { name: `turn${i}`, matrix: rotation } } : tap;
      });
      const outputs = wanted.map(tapName);
      const cut = (batch: number | null) => rewrite(proto, graph, input, normalisation, [...new Set(wanted)], batch);
      const free = cut(null);
      const batch = input.batch === null || (await takesAnyBatch(free, outputs, input)) ? null : input.batch;
      const bytes = batch === null ? free : cut(batch);
      return startRunner({ bytes, input: PIXELS, outputs, height: input.height, width: input.width, batch, threads });
    },
  };
}
