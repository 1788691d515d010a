import { TensorProto_DataType } from 'onnx-buf';
import { devicesFor } from '../devices-for.ts';
import type { Network, OpenOptions, Reading, RunOptions } from '../engine.ts';
import { roomyBatch } from '../graph/batch-size.ts';
import { imageInput } from '../graph/find-input.ts';
import { viewGraph } from '../graph/graph.ts';
import { networkLayers } from '../graph/network-layers.ts';
import { usualNormalisation } from '../normalisation.ts';
import { takesAnyBatch } from './batch.ts';
import { halve } from './half.ts';
import { readModel } from './model.ts';
import { readOwnHead } from './own-head.ts';
import { PIXELS } from './prepare.ts';
import { probe } from './probe.ts';
import { startRerun } from './rerun.ts';
import { rewrite, tapName } from './rewrite.ts';
import { startRunner } from './runner.ts';

const { FLOAT, FLOAT16 } = TensorProto_DataType;

/** Opens an ONNX model and runs it once to learn its layers. Throws BAD_MODEL where the file is not a model that takes images. */
export async function openOnnx(file: string, { inputSize = null, tokens = null, channels = null }: OpenOptions = {}): Promise<Network> {
  const { proto, sha256 } = await readModel(file);
  const graph = viewGraph(proto);
  const input = imageInput(file, graph, inputSize, channels);
  const facts = await probe(file, proto, graph, input);
  const { layers, unreadable, layer, maps } = networkLayers(file, graph, input, facts, tokens);

  return {
    format: 'ONNX',
    sha256,
    inputHeight: input.height,
    inputWidth: input.width,
    channels: input.channels,
    usualNormalisation: usualNormalisation(input),
    layers,
    unreadable,
    layer,
    ownHead: () => readOwnHead(proto, graph, facts, maps, layers),
    rerun({ tensor, name }, normalisation) {
      const map = maps.get(tensor);
      if (!map) throw new Error(`${name} is a layer of another network`);
      return startRerun({ model: proto, graph, input, facts }, map, normalisation);
    },
    async start(readings: readonly Reading[], { normalisation, threads, targets, precision = 'fp32' }: RunOptions) {
      const wanted = readings.map(({ tensor, name, rotation }, i) => {
        const tap = maps.get(tensor);
        if (!tap) throw new Error(`${name} is a layer of another network`);
        const typed = precision === 'fp16' ? { ...tap, elementType: FLOAT16 } : tap;
        return rotation ? { ...typed, turn: { name: `turn${i}`, matrix: rotation } } : typed;
      });
      const outputs = wanted.map(tapName);
      const network = precision === 'fp16' ? halve(proto) : proto;
      const image = precision === 'fp16' && input.elementType === FLOAT ? { ...input, elementType: FLOAT16 } : input;
      const view = precision === 'fp16' ? viewGraph(network) : graph;
      const cut = (batch: number | null) => rewrite(network, view, image, normalisation, [...new Set(wanted)], batch);
      const free = cut(null);
      const batch = input.batch === null || (await takesAnyBatch(free, outputs, input)) ? null : input.batch;
      const bytes = batch === null ? free : cut(batch);
      const setup = {
        bytes,
        input: PIXELS,
        outputs,
        height: input.height,
        width: input.width,
        batch,
        threads,
        devices: devicesFor('ONNX', targets),
      };
      return startRunner(setup, roomyBatch(facts, readings));
    },
  };
}
